/// Brings a file that comes in pieces of any size into UTF-8, in constant memory.
///
/// Without a word from outside a byte order mark decides; without one, the first character beyond ASCII: if it is UTF-8 the file is,
/// otherwise it is Windows-1252. Up to there both are the same bytes, so nothing has to be read twice. Once a file is known to be
/// UTF-8 its pieces pass untouched; before, they are looked through eight bytes at a time.
///
/// What is no character in the encoding becomes the byte FF, which no UTF-8 has: the row that holds it is refused like any other that
/// is not text, and the rows around it are read.
public struct TextDecoder: Sendable {
  private enum State {
    /// Fewer than three bytes have come.
    case start
    /// ASCII so far.
    case undecided
    case decided(TextEncoding)
  }

  static let noCharacter: UInt8 = 0xFF

  private var state = State.start
  /// Bytes of a character, or of a mark, whose rest has not come; at most three.
  private var held: [UInt8] = []
  private var utf16 = UTF16Units()

  /// - Parameter encoding: what the file is, if that is known; its own mark is dropped all the same.
  public init(_ encoding: TextEncoding? = nil) {
    if let encoding { state = .decided(encoding) }
    isMarkExpected = encoding != nil
  }

  /// Whether a mark at the beginning is still to be dropped, for an encoding that was given.
  private var isMarkExpected: Bool

  /// What the file is; nil while only ASCII has come.
  public var encoding: TextEncoding? {
    if case .decided(let encoding) = state { encoding } else { nil }
  }

  /// Takes the next bytes of the file; returns them in UTF-8.
  public mutating func feed(_ piece: [UInt8]) -> [UInt8] {
    // The rule for most files: nothing is copied.
    if case .decided(.utf8) = state, held.isEmpty { return piece }
    return take(held.isEmpty ? piece : held + piece, isLast: false)
  }

  /// Ends the file and returns what was still open.
  public mutating func finish() -> [UInt8] {
    let rest = take(held, isLast: true)
    if case .decided(.utf16LittleEndian) = state { return rest + utf16.finish() }
    if case .decided(.utf16BigEndian) = state { return rest + utf16.finish() }
    return rest
  }

  private mutating func take(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    held = []
    switch state {
    case .start:
      guard isLast || bytes.count >= 3 else { return hold(bytes, from: 0) }
      guard let marked = TextEncoding(mark: bytes) else {
        state = .undecided
        return take(bytes, isLast: isLast)
      }
      state = .decided(marked)
      isMarkExpected = true
      return take(bytes, isLast: isLast)
    case .undecided:
      return decide(bytes, isLast: isLast)
    case .decided(.utf8):
      // The reader of rows drops a mark itself.
      return bytes
    case .decided(.windows1252):
      return Windows1252.utf8(bytes[...])
    case .decided(.utf16LittleEndian):
      return utf16.utf8(unmarked(bytes, isLast: isLast), isLittleEndian: true)
    case .decided(.utf16BigEndian):
      return utf16.utf8(unmarked(bytes, isLast: isLast), isLittleEndian: false)
    }
  }

  private mutating func decide(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    guard let first = bytes.span.firstBeyondASCII else { return bytes }
    let tail = bytes[first...]
    switch UTF8Character.beginning(tail, isLast: isLast) {
    case .whole:
      state = .decided(.utf8)
      return bytes
    case .unfinished:
      return hold(bytes, from: first)
    case .none:
      state = .decided(.windows1252)
      return Array(bytes[..<first]) + Windows1252.utf8(tail)
    }
  }

  /// Keeps what cannot be read yet, and returns what is before it.
  private mutating func hold(_ bytes: [UInt8], from index: Int) -> [UInt8] {
    held = Array(bytes[index...])
    return Array(bytes[..<index])
  }

  /// UTF-16 without the mark at its beginning.
  private mutating func unmarked(_ bytes: [UInt8], isLast: Bool) -> ArraySlice<UInt8> {
    guard isMarkExpected else { return bytes[...] }
    guard isLast || bytes.count >= 2 else {
      held = bytes
      return []
    }
    isMarkExpected = false
    return bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) ? bytes.dropFirst(2) : bytes[...]
  }
}

extension Span where Element == UInt8 {
  /// The place of the first byte that is not ASCII, eight looked at together.
  var firstBeyondASCII: Int? {
    withUnsafeBytes { bytes in
      let high: UInt64 = 0x8080_8080_8080_8080
      var index = 0
      while index + 32 <= bytes.count {
        let words =
          bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          | bytes.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self)
          | bytes.loadUnaligned(fromByteOffset: index + 16, as: UInt64.self)
          | bytes.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self)
        if words & high != 0 { break }
        index += 32
      }
      while index < bytes.count {
        if bytes[index] >= 0x80 { return index }
        index += 1
      }
      return nil
    }
  }
}
