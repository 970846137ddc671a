internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// What a coalition publishes of itself: its signing keys by epoch, its certificate authorities, its endpoints. Signed by
/// its identity key, numbered, each record naming the one before.
public struct MemberRecord: Sendable, Hashable {
  /// The most that is read: of each repeated field, and of a name or contact in bytes.
  public static let mostItems = 64
  public static let mostNameBytes = 120
  /// Of its body.
  public static let mostBytes = 256 << 10

  public let signed: SignedObject
  public let coalition: CoalitionID
  public let name: String
  public let number: UInt32
  public let alliance: ObjectHash?
  public let previous: ObjectHash?
  public let identityKey: VerifyingKey
  public let trustDomain: String
  public let epochs: [SigningEpoch]
  /// CA certificates, DER.
  public let authorities: [[UInt8]]
  public let revokedSerials: Set<[UInt8]>
  /// X25519, 32 bytes.
  public let sealingKey: [UInt8]
  /// `host:port`.
  /// Where peers dial its node; empty if nobody can, and its node calls them.
  public let endpoints: [String]
  public let contact: String
  /// UTC day since 1970; 0: never.
  public let expires: UInt32

  public var hash: ObjectHash { signed.hash }
  /// Bytes that it takes in an answer: its body, one signature, and what stands around them.
  public var answerBytes: Int { signed.body.count + 128 }
  public var fingerprint: Fingerprint { Fingerprint(identity: identityKey, of: coalition) }

  /// Reads a record and checks it against itself: its own identity key signs it, its fields are whole.
  /// - Throws: `Problem` `record-unreadable`, `record-malformed` or `record-signature`.
  public init(_ signed: SignedObject) throws(Problem) {
    guard signed.body.count <= Self.mostBytes, let wire = try? WireMemberRecord(serializedBytes: signed.body) else {
      throw Problem("record-unreadable", "the bytes are not a member record")
    }
    guard let coalition = CoalitionID(wire.coalition) else {
      throw Problem("record-malformed", "a member record's coalition is two lower-case letters")
    }
    func malformed(_ what: String) -> Problem {
      Problem("record-malformed", what, object: "record \(wire.number) of \(coalition)")
    }
    guard wire.number >= 1 else { throw malformed("a record counts from 1") }
    guard let identityKey = VerifyingKey(wire.identityKey) else { throw malformed("the identity key is not 32 bytes") }
    guard TrustDomain.isValid(wire.trustDomain) else {
      throw malformed("the trust domain is not a lower-case DNS name")
    }
    guard Self.isName(wire.name) else { throw malformed("a name is 1 to 120 printable characters") }
    guard wire.sealingKey.count == 32 else { throw malformed("the sealing key is not 32 bytes") }
    guard (1...Self.mostItems).contains(wire.authorities.count), wire.revokedSerials.count <= 1_024,
      wire.endpoints.count <= Self.mostItems, wire.epochs.count <= 1_024, wire.contact.utf8.count <= 256
    else { throw malformed("it needs 1 to 64 authorities, at most 64 endpoints and at most 1 024 epochs") }
    guard wire.endpoints.allSatisfy({ Endpoint($0) != nil }) else {
      throw malformed("an endpoint is HOST:PORT")
    }
    epochs = try Self.epochs(wire.epochs, malformed)
    if wire.number == 1 {
      guard wire.alliance.isEmpty, wire.previous.isEmpty else { throw malformed("record 1 names nothing before it") }
      alliance = nil
      previous = nil
    } else {
      guard let alliance = ObjectHash(wire.alliance), let previous = ObjectHash(wire.previous) else {
        throw malformed("a later record names its alliance and the record before it")
      }
      self.alliance = alliance
      self.previous = previous
    }
    // Whoever passes it on could add signatures of others to it, and each would be kept and passed on.
    guard let signed = signed.keeping([identityKey]) else {
      throw Problem(
        "record-signature", "the record is not signed by the identity key that it names",
        object: "record \(wire.number) of \(coalition)", next: "ask \(coalition) for its card again")
    }
    self.signed = signed
    self.coalition = coalition
    name = wire.name
    number = wire.number
    self.identityKey = identityKey
    trustDomain = wire.trustDomain
    authorities = wire.authorities.map { Array($0) }
    revokedSerials = Set(wire.revokedSerials.map { Array($0) })
    sealingKey = Array(wire.sealingKey)
    endpoints = wire.endpoints
    contact = wire.contact
    expires = wire.expires
  }

  private static func epochs(
    _ wire: [WireSigningEpoch], _ malformed: (String) -> Problem
  ) throws(Problem) -> [SigningEpoch] {
    var epochs: [SigningEpoch] = []
    for (position, epoch) in wire.enumerated() {
      guard Int(epoch.number) == position + 1, epoch.suite == 1, let key = VerifyingKey(epoch.key) else {
        throw malformed("epochs count from 1 without a gap, each with suite 1 and a 32-byte key")
      }
      var continues: SigningEpoch.Continuation?
      if epoch.hasContinues {
        guard let hash = ObjectHash(epoch.continues.headHash) else { throw malformed("an epoch goes on from a head") }
        continues = .init(epoch: epoch.continues.epoch, index: epoch.continues.index, hash: hash)
      }
      epochs.append(SigningEpoch(number: epoch.number, key: key, continues: continues))
    }
    return epochs
  }

  /// 1 to 120 bytes without control characters, so that a name is safe on a terminal and in a log.
  public static func isName(_ text: String) -> Bool {
    (1...mostNameBytes).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy {
        switch $0.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
      }
  }
}

/// One signing key's tenure.
public struct SigningEpoch: Sendable, Hashable {
  public struct Continuation: Sendable, Hashable {
    public let epoch: UInt32
    public let index: UInt64
    public let hash: ObjectHash

    public init(epoch: UInt32, index: UInt64, hash: ObjectHash) {
      self.epoch = epoch
      self.index = index
      self.hash = hash
    }
  }

  /// From 1.
  public let number: UInt32
  public let key: VerifyingKey
  /// The head that it goes on from; nil: from the empty position.
  public let continues: Continuation?
}
