/// The id of a national member: a lower-case ISO 3166-1 alpha-2 code, such as `se`.
///
/// Parsed at the border, so that inside the house a coalition id is always two lower-case letters and safe to print,
/// to put in a path and to compare byte for byte.
public struct CoalitionID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// Both letters, the first one in the upper byte: compared and hashed far more often than shown.
  private let letters: UInt16

  public var rawValue: String {
    String(unsafeUninitializedCapacity: 2) { text in
      (text[0], text[1]) = (UInt8(letters >> 8), UInt8(letters & 255))
      return 2
    }
  }

  /// Returns nil unless the text is exactly two letters from `a` to `z`.
  public init?(_ text: some StringProtocol) {
    let bytes = text.utf8
    guard bytes.count == 2, bytes.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
      return nil
    }
    letters = bytes.reduce(0) { $0 << 8 | UInt16($1) }
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let id = CoalitionID(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a coalition id: two lower-case letters"))
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }

  public var description: String { rawValue }

  public static func < (left: CoalitionID, right: CoalitionID) -> Bool { left.letters < right.letters }
}
