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
    // A line ends at every LF and CR, but at both together once.
    let returns = bytes.occurrences(of: CSVBytes.carriageReturn)
    var ends = bytes.occurrences(of: CSVBytes.lineFeed) + returns
    if followsCarriageReturn, bytes[0] == CSVBytes.lineFeed { ends -= 1 }
    if returns > 0 {
      for index in 1..<bytes.count
      where bytes[index] == CSVBytes.lineFeed && bytes[index - 1] == CSVBytes.carriageReturn {
        ends -= 1
      }
    }
    line += ends
    followsCarriageReturn = bytes[bytes.count - 1] == CSVBytes.carriageReturn
  }
}

extension Span where Element == UInt8 {
  /// How often a byte is there, eight compared at once.
  func occurrences(of byte: UInt8) -> Int {
    let (low, high): (UInt64, UInt64) = (0x7F7F_7F7F_7F7F_7F7F, 0x8080_8080_8080_8080)
    let wanted = 0x0101_0101_0101_0101 * UInt64(byte)
    return withUnsafeBytes { bytes in
      var (found, index) = (0, 0)
      while index + 8 <= bytes.count {
        // A byte of the difference is zero exactly where its high bit is not set afterwards; no carry leaves a byte.
        let difference = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ wanted
        let others = ((difference & low) &+ low | difference) & high
        found += 8 - others.nonzeroBitCount
        index += 8
      }
      while index < bytes.count {
        found += bytes[index] == byte ? 1 : 0
        index += 1
      }
      return found
    }
  }
}
