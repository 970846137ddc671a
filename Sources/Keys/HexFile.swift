internal import Signing
internal import Wire

enum HexFile {
  /// 32 bytes in hexadecimal.
  static func read(_ path: String, noun: String) throws(Problem) -> [UInt8] {
    let text = String(decoding: try DurableFile.read(path, noun: noun), as: UTF8.self)
    guard let bytes = Hexadecimal.decode(text.prefix { !$0.isWhitespace }), bytes.count == 32 else {
      throw Problem("key-unreadable", "the file does not hold a \(noun) of 32 bytes", object: path)
    }
    return bytes
  }
}
