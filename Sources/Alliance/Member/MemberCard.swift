internal import FoundationEssentials
internal import Signing
internal import SwiftProtobuf
public import Wire

/// A member institution under a coalition, as it names itself: lower-case letters, digits and hyphens, such as `bank-a`.
public struct MemberID: Sendable, Hashable, CustomStringConvertible {
  public static let mostBytes = 64

  public let rawValue: String

  /// Nil unless it is 1 to 64 of a-z, 0-9 and `-`, and begins and ends with none of the hyphens.
  public init?(_ text: String) {
    let isAllowed = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    guard (1...Self.mostBytes).contains(text.utf8.count), isAllowed, !text.hasPrefix("-"), !text.hasSuffix("-") else {
      return nil
    }
    rawValue = text
  }

  public var description: String { rawValue }
}

/// What a member gives to its coalition, so that lists can be sealed for it alone. Not secret; its fingerprint is compared by telephone,
/// because whoever could exchange the card would receive the list.
public struct MemberCard: Sendable, Hashable {
  public let member: MemberID
  public let name: String
  /// X25519, 32 bytes.
  public let sealingKey: [UInt8]

  /// - Throws: `Problem` `bad-name` or `card-unreadable`.
  public init(member: MemberID, name: String, sealingKey: [UInt8]) throws(Problem) {
    guard MemberRecord.isName(name) else {
      throw Problem("bad-name", "a name is 1 to 120 printable characters", next: "give one with --name")
    }
    guard sealingKey.count == 32 else { throw Problem("card-unreadable", "the card's sealing key is not 32 bytes") }
    self.member = member
    self.name = name
    self.sealingKey = sealingKey
  }

  /// - Throws: `Problem` `not-armoured`, `wrong-file` or `card-unreadable`.
  public init(text: String, file: String) throws(Problem) {
    let bytes = try Armour.memberCard.unwrap(text, from: file)
    guard let wire = try? WireMemberCard(serializedBytes: bytes), let member = MemberID(wire.id),
      let card = try? MemberCard(member: member, name: wire.name, sealingKey: Array(wire.sealingKey))
    else { throw Problem("card-unreadable", "the card is damaged", object: file, next: "ask for it again") }
    self = card
  }

  public var text: String {
    var wire = WireMemberCard()
    wire.id = member.rawValue
    wire.name = name
    wire.sealingKey = Data(sealingKey)
    return Armour.memberCard.wrap((try? wire.serializedBytes()) ?? [])
  }

  /// Of SHA-256("vaka/member/1" ‖ id length (1) ‖ id ‖ key).
  public var fingerprint: Fingerprint {
    let id = Array(member.rawValue.utf8)
    return Fingerprint(
      ObjectHash(sha256: Array("vaka/member/1".utf8), [UInt8(truncatingIfNeeded: id.count)], id, sealingKey))
  }
}
