/// Counts the lines of a file: CR, LF and CRLF each end one.
struct CSVLines: Sendable, Hashable {
  /// The line of the byte that comes next, from 1.
  private(set) var line = 1
  private var followsCarriageReturn = false

  /// Passes bytes that end no line.
  mutating func pass() { followsCarriageReturn = false }

  mutating func pass(_ byte: UInt8) {
    if CSVBytes.isLineEnd(byte), !(byte == CSVBytes.lineFeed && followsCarriageReturn) { line += 1 }
    followsCarriageReturn = byte == CSVBytes.carriageReturn
  }

  mutating func pass(_ bytes: Span<UInt8>) {
    guard !bytes.isEmpty else { return }
    // Without a branch for each byte, so that many are compared at once: a line ends at every CR, and at every LF without one before.
    var ends = 0
    var before: UInt8 = followsCarriageReturn ? CSVBytes.carriageReturn : 0
    for index in bytes.indices {
      let byte = bytes[index]
      ends += byte == CSVBytes.carriageReturn ? 1 : 0
      ends += byte == CSVBytes.lineFeed && before != CSVBytes.carriageReturn ? 1 : 0
      before = byte
    }
    line += ends
    followsCarriageReturn = before == CSVBytes.carriageReturn
  }
}
