/// What is to happen when: a binary heap by time, and in the order of planning within one millisecond, so that one seed is
/// one run. What happens lies in slots of its own, so that only small entries move.
struct Agenda<Occurrence> {
  private struct Entry {
    let at: UInt64
    let order: UInt64
    let slot: Int

    func isBefore(_ other: Entry) -> Bool { at != other.at ? at < other.at : order < other.order }
  }

  private var heap: [Entry] = []
  private var slots: [Occurrence?] = []
  private var free: [Int] = []
  private var order: UInt64 = 0

  var count: Int { heap.count }

  mutating func plan(_ occurrence: Occurrence, at time: UInt64) {
    let slot = free.popLast() ?? slots.count
    if slot == slots.count { slots.append(occurrence) } else { slots[slot] = occurrence }
    order += 1
    let entry = Entry(at: time, order: order, slot: slot)
    heap.append(entry)
    var place = heap.count - 1
    while place > 0, entry.isBefore(heap[(place - 1) / 2]) {
      heap[place] = heap[(place - 1) / 2]
      place = (place - 1) / 2
    }
    heap[place] = entry
  }

  mutating func next() -> (at: UInt64, Occurrence)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      var place = 0
      while true {
        var child = 2 * place + 1
        guard child < heap.count else { break }
        if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
        guard heap[child].isBefore(last) else { break }
        heap[place] = heap[child]
        place = child
      }
      heap[place] = last
    }
    guard let occurrence = slots[first.slot] else { return nil }
    slots[first.slot] = nil
    free.append(first.slot)
    return (first.at, occurrence)
  }
}
