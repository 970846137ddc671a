import Indicators
import RepositoryFiles

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
    try RepositoryFiles.vectors(type.name)
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
}
