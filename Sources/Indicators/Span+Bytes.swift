/// What rules ask of bytes that they are lent.
extension Span where Element == UInt8 {
  @inline(__always)
  func allSatisfy(_ test: (UInt8) -> Bool) -> Bool {
    for index in indices where !test(self[index]) { return false }
    return true
  }

  @inline(__always)
  func contains(where test: (UInt8) -> Bool) -> Bool {
    for index in indices where test(self[index]) { return true }
    return false
  }

  func contains(_ byte: UInt8) -> Bool { firstIndex(of: byte) != nil }

  func firstIndex(of byte: UInt8) -> Int? {
    for index in indices where self[index] == byte { return index }
    return nil
  }

  @inline(__always)
  func count(where test: (UInt8) -> Bool) -> Int {
    var found = 0
    for index in indices where test(self[index]) { found += 1 }
    return found
  }

  func starts(with bytes: [UInt8]) -> Bool {
    guard count >= bytes.count else { return false }
    for index in bytes.indices where self[index] != bytes[index] { return false }
    return true
  }

  func equals(_ bytes: [UInt8]) -> Bool { count == bytes.count && starts(with: bytes) }

  /// Whether every part between the dividers, of which each may be empty, passes a test.
  func allParts(dividedBy divider: UInt8, _ test: (Span<UInt8>) -> Bool) -> Bool {
    var start = 0
    for index in indices where self[index] == divider {
      guard test(extracting(start..<index)) else { return false }
      start = index + 1
    }
    return test(extracting(start..<count))
  }

  var first: UInt8? { isEmpty ? nil : self[0] }
  var last: UInt8? { isEmpty ? nil : self[count - 1] }

  /// Where the text lies without the spaces around it.
  var withoutSpaces: Range<Int> {
    var (low, high) = (0, count)
    while low < high, self[low] == UInt8(ascii: " ") { low += 1 }
    while low < high, self[high - 1] == UInt8(ascii: " ") { high -= 1 }
    return low..<high
  }

  /// From a place to the end; nothing if it lies beyond.
  func from(_ start: Int) -> Range<Int> { Swift.min(Swift.max(start, 0), count)..<count }

  /// A copy, for people and for rules of text.
  var text: String {
    String(unsafeUninitializedCapacity: count) { room in
      for index in indices { room[index] = self[index] }
      return count
    }
  }
}
