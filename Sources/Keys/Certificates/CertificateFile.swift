import FoundationEssentials
import Wire

/// Reads and writes a file that holds a private key beside its certificates.
enum CertificateFile {
  /// Readable by the owner alone, and durable.
  ///
  /// - Throws: `file-not-written`.
  static func write(_ text: String, to path: String) throws(Problem) {
    try DurableFile.write(Array(text.utf8), to: path, permissions: 0o600)
  }

  /// - Throws: `file-missing`, `file-not-read`, or `key-file-open` if others than the owner may read it.
  static func read(_ path: String) throws(Problem) -> String {
    let bytes = try DurableFile.read(path, noun: "certificate file")
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o077 == 0 else {
      throw Problem(
        "key-file-open", "others may read or change this private key", object: path, next: "Run: chmod 600 \(path)")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
