internal import Signing
internal import SwiftProtobuf
public import Wire

/// What founders send each other: record 1, which carries the identity key, in one text file.
public struct CoalitionCard: Sendable, Hashable {
  public let record: MemberRecord

  /// - Throws: `Problem` `card-order` if the record is not the first.
  public init(record: MemberRecord) throws(Problem) {
    guard record.number == 1 else {
      throw Problem("card-order", "a card holds record 1, not record \(record.number)", object: "\(record.coalition)")
    }
    self.record = record
  }

  /// - Throws: `Problem` if the text is no card or its record is not whole.
  public init(text: String, file: String) throws(Problem) {
    let bytes = try Armour.card.unwrap(text, from: file)
    guard let wire = try? WireCoalitionCard(serializedBytes: bytes) else {
      throw Problem("card-unreadable", "the card is damaged", object: file, next: "ask for it again")
    }
    do {
      try self.init(record: MemberRecord(SignedObject(type: .record, wire: wire.record)))
    } catch {
      throw Problem(error.code, error.what, object: file, next: error.next)
    }
  }

  public var bytes: [UInt8] {
    var wire = WireCoalitionCard()
    wire.record = record.signed.wire
    return (try? wire.serializedBytes()) ?? []
  }

  public var text: String { Armour.card.wrap(bytes) }
}
