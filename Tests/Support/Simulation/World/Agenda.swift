/// What is to happen when: in order of time, and in the order of planning within one millisecond, so that one seed is one run.
///
/// Nearly everything happens within a minute: it lies in a ring with one place for each millisecond. What happens later waits in
/// a heap until the ring has come so far.
struct Agenda<Occurrence> {
  /// What happens lies in slots of its own, chained within one millisecond, so that nothing large is moved.
  private struct Slot {
    var occurrence: Occurrence?
    var next: Int32 = -1
  }

  private struct Chain {
    var first: Int32 = -1
    var last: Int32 = -1
  }

  private struct Later {
    let at: UInt64
    let order: UInt64
    let slot: Int32

    func isBefore(_ other: Later) -> Bool { at != other.at ? at < other.at : order < other.order }
  }

  /// A power of two, above a minute.
  private static var span: UInt64 { 1 << 16 }

  private var ring = [Chain](repeating: Chain(), count: 1 << 16)
  /// One bit for each place of the ring that is not empty.
  private var taken = [UInt64](repeating: 0, count: 1 << 10)
  /// Nothing in the ring is before this time, or a span after it.
  private var start: UInt64 = 0
  private var inRing = 0
  private var later: [Later] = []
  private var slots: [Slot] = []
  private var free: [Int32] = []
  private var order: UInt64 = 0

  var count: Int { inRing + later.count }

  mutating func plan(_ occurrence: Occurrence, at time: UInt64) {
    let slot = free.popLast() ?? Int32(slots.count)
    if slot == slots.count { slots.append(Slot()) }
    slots[Int(slot)].occurrence = occurrence
    // What is planned for a time that is over happens next.
    let time = max(time, start)
    if time - start < Self.span {
      chain(slot, at: time)
    } else {
      order += 1
      push(Later(at: time, order: order, slot: slot))
    }
  }

  mutating func next() -> (at: UInt64, Occurrence)? {
    if inRing == 0 {
      guard let first = later.first else { return nil }
      start = first.at
    }
    refill()
    let time = nextTaken()
    start = time
    let place = Int(time % Self.span)
    let slot = ring[place].first
    ring[place].first = slots[Int(slot)].next
    if ring[place].first < 0 {
      ring[place].last = -1
      taken[place >> 6] &= ~(1 << UInt64(place & 63))
    }
    inRing -= 1
    guard let occurrence = slots[Int(slot)].occurrence.take() else { return nil }
    slots[Int(slot)].next = -1
    free.append(slot)
    // What has come near since belongs before whatever is planned from now on for the same time.
    refill()
    return (time, occurrence)
  }

  private mutating func chain(_ slot: Int32, at time: UInt64) {
    let place = Int(time % Self.span)
    if ring[place].last < 0 {
      ring[place].first = slot
      taken[place >> 6] |= 1 << UInt64(place & 63)
    } else {
      slots[Int(ring[place].last)].next = slot
    }
    ring[place].last = slot
    inRing += 1
  }

  private mutating func refill() {
    while let first = later.first, first.at - start < Self.span {
      pop()
      chain(first.slot, at: first.at)
    }
  }

  /// The first time at or after the start at which something happens; the ring is not empty.
  private func nextTaken() -> UInt64 {
    var place = Int(start % Self.span)
    var word = taken[place >> 6] >> UInt64(place & 63)
    if word != 0 { return start + UInt64(word.trailingZeroBitCount) }
    var passed = UInt64(64 - place & 63)
    place = (place >> 6 + 1) & (taken.count - 1)
    word = taken[place]
    while word == 0 {
      passed += 64
      place = (place + 1) & (taken.count - 1)
      word = taken[place]
    }
    return start + passed + UInt64(word.trailingZeroBitCount)
  }

  private mutating func push(_ entry: Later) {
    later.append(entry)
    var place = later.count - 1
    while place > 0, entry.isBefore(later[(place - 1) / 2]) {
      later[place] = later[(place - 1) / 2]
      place = (place - 1) / 2
    }
    later[place] = entry
  }

  private mutating func pop() {
    guard let last = later.popLast(), !later.isEmpty else { return }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < later.count else { break }
      if child + 1 < later.count, later[child + 1].isBefore(later[child]) { child += 1 }
      guard later[child].isBefore(last) else { break }
      later[place] = later[child]
      place = child
    }
    later[place] = last
  }
}
