public import Indicators
internal import Signing
public import Wire

/// A hash key in its file, opened once and kept 0600: whoever reads it can test guesses.
public enum HashKeyFile {
  public static func write(_ key: HashKey, to path: String) throws(Problem) {
    try DurableFile.write(
      key.withUnsafeBytes { Array(("\(key.epoch) " + Hexadecimal.encode($0) + "\n").utf8) }, to: path)
  }

  public static func read(_ path: String) throws(Problem) -> HashKey {
    let text = String(decoding: try DurableFile.read(path, noun: "hash key"), as: UTF8.self)
    let parts = text.split(whereSeparator: { $0.isWhitespace })
    guard parts.count == 2, let epoch = UInt32(parts[0]), let bytes = Hexadecimal.decode(parts[1]),
      let key = HashKey(epoch: epoch, bytes: bytes)
    else { throw Problem("key-unreadable", "the file does not hold a hash key", object: path) }
    return key
  }
}
