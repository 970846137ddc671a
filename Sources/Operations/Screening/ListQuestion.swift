public import Indicators
internal import Wire

/// Asks a running node about one value: by its digests, one for each open hash key, so that the value itself stays with who asks.
public struct ListQuestion: Sendable, Codable {
  static let mostDigests = 64

  public let digests: [IndicatorDigest]

  init(_ digests: [IndicatorDigest]) { self.digests = digests }

  private enum CodingKeys: CodingKey { case digests }

  public init(from decoder: any Decoder) throws {
    let texts = try decoder.container(keyedBy: CodingKeys.self).decode([String].self, forKey: .digests)
    digests = texts.compactMap { IndicatorDigest(hex: $0) }
    guard digests.count == texts.count, texts.count <= Self.mostDigests else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a digest is 64 hexadecimal digits"))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(digests.map(\.hex), forKey: .digests)
  }
}

/// What a list says of one value.
public struct ListAnswer: Sendable, Codable {
  /// The digest that is listed, hexadecimal; nil if none is.
  public let digest: String?
  public let finding: ListFinding?
  public let freshness: ListFreshness

  public init(_ hit: (digest: IndicatorDigest, finding: ListFinding)?, freshness: ListFreshness) {
    digest = hit?.digest.hex
    finding = hit?.finding
    self.freshness = freshness
  }
}
