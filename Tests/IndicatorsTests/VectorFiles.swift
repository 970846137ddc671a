import Foundation
import Indicators

/// The published vectors and the sample list, found beside the sources.
enum VectorFiles {
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func read<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
    let file = package.appending(path: "Tests/Vectors/\(name)")
    return try JSONDecoder().decode(type, from: Data(contentsOf: file))
  }
}

/// The vectors of one type of indicator.
struct RuleVectors: Decodable {
  struct Accepted: Decodable {
    let input: String
    let scheme: String
    let canonical: String
  }

  struct Rejected: Decodable {
    let input: String
    let code: String
  }

  let source: String
  let accepted: [Accepted]
  let rejected: [Rejected]
  let equal: [[String]]

  static func of(_ type: IndicatorType) throws -> RuleVectors {
    try VectorFiles.read("\(type.name).json")
  }
}

struct KeccakVectors: Decodable {
  struct Vector: Decodable {
    let message: String
    let digest: String
  }

  let vectors: [Vector]
}

struct DigestVector: Decodable {
  let hashKey: String
  let keyEpoch: UInt32
  let type: String
  let typeNumber: UInt16
  let scheme: String
  let value: String
  let normaliser: UInt8
  let message: String
  let digest: String

  private enum CodingKeys: String, CodingKey {
    case hashKey = "hash-key"
    case keyEpoch = "key-epoch"
    case type
    case typeNumber = "type-number"
    case scheme, value, normaliser, message, digest
  }
}
