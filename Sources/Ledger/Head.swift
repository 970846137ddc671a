internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// A coalition's signature over everything it states: the signed bytes and what they say.
public struct Head: Sendable, Hashable {
  /// The one suite there is: SHA-256, Ed25519, LtHash16 over ChaCha20.
  public static let suite: UInt32 = 1
  /// The newest way of making heads, deltas and digests that this software can check.
  #if NEWER_KIND
    public static let readerVersion: UInt32 = 2
  #else
    public static let readerVersion: UInt32 = 1
  #endif
  /// The oldest software that can check what we sign. It is not what we can read ourselves: a version that reads more must
  /// not shut out the nodes that are not upgraded yet, and a new kind of statement raises neither.
  public static let lowestReader: UInt32 = 1

  /// The same for a head with this delta.
  public static func lowestReader(for delta: Delta) -> UInt32 {
    #if NEWER_KIND
      TrialListing.lowestReader(for: delta)
    #else
      lowestReader
    #endif
  }

  public let signed: SignedObject
  public let reference: HeadReference
  public let alliance: ObjectHash
  public let claims: HeadClaims

  /// Parses the body; signatures and rules are checked by `Position.check`.
  /// - Throws: `Fault.link` `head-unreadable`: nothing here is known to be signed by anyone yet.
  public init(_ signed: SignedObject) throws {
    guard signed.body.count <= Limits.signedBytes, let wire = try? WireHead(serializedBytes: signed.body),
      let coalition = CoalitionID(wire.coalition), let alliance = ObjectHash(wire.alliance),
      let claims = HeadClaims(wire)
    else { throw Fault.link(Problem("head-unreadable", "the bytes are not a head")) }
    self.signed = signed
    self.alliance = alliance
    self.claims = claims
    reference = HeadReference(
      coalition: coalition, epoch: wire.epoch, index: wire.index, hash: signed.hash)
  }

  /// Whether no delta before its own is served any more: something was erased.
  public var raisesFloor: Bool { (claims.floorEpoch, claims.floorIndex) == (reference.epoch, reference.index) }

  /// The body to sign for given claims.
  public static func body(
    alliance: ObjectHash, coalition: CoalitionID, epoch: UInt32, index: UInt64, claims: HeadClaims
  ) throws -> [UInt8] {
    var wire = WireHead()
    wire.alliance = Data(alliance.bytes)
    wire.coalition = coalition.rawValue
    wire.epoch = epoch
    wire.index = index
    wire.suite = claims.suite
    wire.lowestReader = claims.lowestReader
    wire.historyRoot = Data(claims.historyRoot.bytes)
    wire.deltaHash = Data(claims.deltaHash.bytes)
    wire.deltaChanges = claims.deltaChanges
    wire.deltaBytes = claims.deltaBytes
    wire.liveDigest = Data(claims.liveDigest.bytes)
    wire.statements = claims.statements
    wire.liveBytes = claims.liveBytes
    wire.floorEpoch = claims.floorEpoch
    wire.floorIndex = claims.floorIndex
    wire.roster = claims.roster
    wire.rosterHash = Data(claims.rosterHash.bytes)
    wire.recordHash = Data(claims.recordHash.bytes)
    wire.signedAt = claims.signedAt
    return try wire.serializedBytes()
  }
}

/// What a head says of its position, its delta and the alliance it was made in.
public struct HeadClaims: Sendable, Hashable {
  public var suite: UInt32
  public var lowestReader: UInt32
  /// RFC 9162 root over the earlier head hashes of the epoch.
  public var historyRoot: ObjectHash
  public var deltaHash: ObjectHash
  public var deltaChanges: UInt32
  public var deltaBytes: UInt32
  public var liveDigest: ObjectHash
  public var statements: UInt64
  public var liveBytes: UInt64
  /// The oldest delta that is still served.
  public var floorEpoch: UInt32
  public var floorIndex: UInt64
  public var roster: UInt32
  public var rosterHash: ObjectHash
  public var recordHash: ObjectHash
  /// Milliseconds since 1970.
  public var signedAt: UInt64

  public init(
    suite: UInt32 = Head.suite, lowestReader: UInt32 = Head.lowestReader, historyRoot: ObjectHash,
    deltaHash: ObjectHash, deltaChanges: UInt32, deltaBytes: UInt32, liveDigest: ObjectHash, statements: UInt64,
    liveBytes: UInt64, floorEpoch: UInt32, floorIndex: UInt64, roster: UInt32, rosterHash: ObjectHash,
    recordHash: ObjectHash, signedAt: UInt64
  ) {
    self.suite = suite
    self.lowestReader = lowestReader
    self.historyRoot = historyRoot
    self.deltaHash = deltaHash
    self.deltaChanges = deltaChanges
    self.deltaBytes = deltaBytes
    self.liveDigest = liveDigest
    self.statements = statements
    self.liveBytes = liveBytes
    self.floorEpoch = floorEpoch
    self.floorIndex = floorIndex
    self.roster = roster
    self.rosterHash = rosterHash
    self.recordHash = recordHash
    self.signedAt = signedAt
  }

  init?(_ wire: WireHead) {
    guard let historyRoot = ObjectHash(wire.historyRoot), let deltaHash = ObjectHash(wire.deltaHash),
      let liveDigest = ObjectHash(wire.liveDigest), let rosterHash = ObjectHash(wire.rosterHash),
      let recordHash = ObjectHash(wire.recordHash)
    else { return nil }
    self.init(
      suite: wire.suite, lowestReader: wire.lowestReader, historyRoot: historyRoot, deltaHash: deltaHash,
      deltaChanges: wire.deltaChanges, deltaBytes: wire.deltaBytes, liveDigest: liveDigest,
      statements: wire.statements, liveBytes: wire.liveBytes, floorEpoch: wire.floorEpoch,
      floorIndex: wire.floorIndex, roster: wire.roster, rosterHash: rosterHash, recordHash: recordHash,
      signedAt: wire.signedAt)
  }
}
