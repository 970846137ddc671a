public import Signing
public import Wire

/// What people read to each other over the telephone: the first 20 bytes of a hash in Crockford Base32, eight groups of
/// four characters.
public struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// Eight groups of four, with hyphens.
  public let description: String

  public init(_ hash: ObjectHash) {
    var groups: [String] = []
    var group: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for byte in hash.bytes.prefix(20) {
      buffer = buffer << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        group.append(Self.alphabet[Int(buffer >> UInt32(bits) & 31)])
        buffer &= (1 << UInt32(bits)) - 1
        if group.count == 4 {
          groups.append(String(decoding: group, as: UTF8.self))
          group = []
        }
      }
    }
    description = groups.joined(separator: "-")
  }

  /// Of a coalition's identity key: SHA-256("vaka/identity/1" ‖ id length (1) ‖ id ‖ key).
  public init(identity key: VerifyingKey, of coalition: CoalitionID) {
    let id = Array(coalition.rawValue.utf8)
    self.init(ObjectHash(sha256: Array("vaka/identity/1".utf8), [UInt8(truncatingIfNeeded: id.count)], id, key.bytes))
  }

  /// Whether a person typed this fingerprint, in any case, with any grouping, and with the letters that Crockford's
  /// alphabet reads as digits.
  public func matches(_ text: String) -> Bool {
    Self.plain(text) == Self.plain(description)
  }

  private static func plain(_ text: String) -> String {
    String(
      text.uppercased().compactMap { character in
        switch character {
        case "-", " ": nil
        case "O": "0"
        case "I", "L": "1"
        default: character
        }
      })
  }
}
