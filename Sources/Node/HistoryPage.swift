internal import FoundationEssentials
internal import Signing

/// A page of history as JSON, in the form that protobuf's JSON gives to a field `repeated bytes head_hashes`.
struct HistoryPage: Encodable {
  let headHashes: [Data]

  /// - Parameter hashes: the concatenated hashes of consecutive heads.
  init(_ hashes: [UInt8]) {
    headHashes = stride(from: 0, to: hashes.count, by: ObjectHash.byteCount).map { start in
      Data(hashes[start..<min(start + ObjectHash.byteCount, hashes.count)])
    }
  }

  /// Base64 in JSON, its slashes not escaped, as in every other answer.
  var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      return Array(try encoder.encode(self))
    }
  }
}
