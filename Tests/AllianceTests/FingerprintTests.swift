import Alliance
import Signing
import Testing

/// What people read to each other.
@Suite struct FingerprintTests {
  @Test func isEightGroupsOfCrockfordBase32() throws {
    let all = try #require(ObjectHash([UInt8](repeating: 0xff, count: 32)))
    #expect(Fingerprint(all).description == Array(repeating: "ZZZZ", count: 8).joined(separator: "-"))
    let counting = try #require(ObjectHash((0..<32).map { UInt8($0) }))
    #expect(Fingerprint(counting).description == Self.theLongWay(counting))
  }

  @Test func matchesHoweverItIsTyped() throws {
    let hash = try #require(ObjectHash((0..<32).map { UInt8($0) }))
    let fingerprint = Fingerprint(hash)
    let text = fingerprint.description
    for typed in [
      text, text.lowercased(), text.replacing("-", with: ""), text.replacing("-", with: " "),
      text.replacing("0", with: "O"), text.replacing("1", with: "l"), text.replacing("1", with: "I"),
    ] { #expect(fingerprint.matches(typed)) }
    for typed in ["", String(text.dropLast()), text + "0", text.replacing("G", with: "H")] {
      #expect(!fingerprint.matches(typed))
    }
  }

  /// All 160 bits, five at a time.
  private static func theLongWay(_ hash: ObjectHash) -> String {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let bits = hash.bytes.prefix(20).flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
    let letters = stride(from: 0, to: 160, by: 5).map { start in
      alphabet[bits[start..<start + 5].reduce(0) { $0 << 1 | Int($1) }]
    }
    return stride(from: 0, to: 32, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
  }
}
