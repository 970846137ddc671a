/// An address of TRON: Base58Check of the version byte 0x41 and 20 bytes, or the same 21 bytes in hexadecimal.
///
/// The canonical form is Base58Check. The hexadecimal form, which TRON's programming interfaces show, has no checksum;
/// it is taken only at its exact length, 42 digits that begin with 41.
enum TronAddress {
  static let chain = "tron"

  static let version: UInt8 = 0x41

  private static let digitCount = 42

  /// The bytes of the hexadecimal form, or nil for a text of another form.
  static func bytes(hex text: [UInt8]) -> [UInt8]? {
    guard text.count == digitCount, let bytes = Hex.bytes(text), bytes.first == version else { return nil }
    return bytes
  }

  /// The canonical form of the version byte and 20 bytes.
  static func canonical(_ bytes: [UInt8]) -> [UInt8] {
    Base58.encode(bytes + Base58.checksum(bytes))
  }
}
