internal import Crypto

/// UUIDs that follow from names (RFC 9562, section 5.5, version 5), so that the same thing has the same id in every export.
///
/// SHA-1 is the standard's choice and protects nothing here: what goes in is public or a keyed digest, never an identifier.
enum NameUUID {
  /// Version 5 of `vaka.invalid` in the namespace of domain names.
  static let namespace: [UInt8] = [
    0xBB, 0x02, 0x01, 0xBD, 0x59, 0x9F, 0x56, 0x6E, 0x9D, 0x91, 0x38, 0x16, 0x6E, 0x83, 0xB5, 0x6E,
  ]

  static func text(_ name: String) -> String {
    var hash = Insecure.SHA1()
    hash.update(data: namespace)
    hash.update(data: Array(name.utf8))
    var bytes = Array(hash.finalize().prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      let digits = String(byte, radix: 16)
      text += digits.count == 1 ? "0" + digits : digits
    }
    return text
  }
}
