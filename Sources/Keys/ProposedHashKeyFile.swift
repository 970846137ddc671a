public import Alliance
internal import FoundationEssentials
internal import SwiftProtobuf
public import Wire

/// A hash key that we propose, sealed to ourselves: written before the roster that commits to it is shown to anybody, so that
/// nothing can be decided whose key nobody has.
public enum ProposedHashKeyFile {
  public static func write(_ key: SealedHashKey, to path: String) throws(Problem) {
    try DurableFile.write((try? key.wire.serializedBytes()) ?? [], to: path)
  }

  /// - Throws: `Problem` `key-unreadable`, `file-missing` or `file-not-read`.
  public static func read(_ path: String) throws(Problem) -> SealedHashKey {
    let bytes = try DurableFile.read(path, noun: "proposed hash key")
    guard let wire = try? WireSealedHashKey(serializedBytes: bytes), let key = SealedHashKey(wire) else {
      throw Problem("key-unreadable", "the file does not hold a proposed hash key", object: path)
    }
    return key
  }
}
