/// The id of a national member: a lower-case ISO 3166-1 alpha-2 code, such as `se`.
///
/// Parsed at the border, so that inside the house a coalition id is always two lower-case letters and safe to print,
/// to put in a path and to compare byte for byte.
public struct CoalitionID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  public let rawValue: String

  /// Returns nil unless the text is exactly two letters from `a` to `z`.
  public init?(_ text: some StringProtocol) {
    let letters = text.utf8
    guard letters.count == 2, letters.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
      return nil
    }
    rawValue = String(text)
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

  public static func < (left: CoalitionID, right: CoalitionID) -> Bool { left.rawValue < right.rawValue }
}
