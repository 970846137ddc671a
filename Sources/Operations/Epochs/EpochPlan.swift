internal import Alliance
internal import Foundation
public import Ledger
internal import Replication
public import Signing
internal import SwiftProtobuf
public import Wire

/// What a running node tells of its own position, so that a person with the identity key can open a new epoch.
public struct EpochPlan: Sendable, Codable {
  /// One head of ours.
  public struct Place: Sendable, Codable, Hashable {
    public let epoch: UInt32
    public let index: UInt64
    public let hash: String

    init(_ head: HeadReference) {
      epoch = head.epoch
      index = head.index
      hash = head.hash.hex
    }

    func continuation() throws(Problem) -> SigningEpoch.Continuation {
      guard let hash = ObjectHash(hex: hash) else { throw Problem("node-answer", "the node named no head") }
      return .init(epoch: epoch, index: index, hash: hash)
    }

    public var text: String { "\(epoch)/\(index)" }
  }

  private let signedRecord: Data
  private let allianceID: String
  /// The head of the position in this store; nil if nothing was ever signed.
  public let here: Place?
  /// A later or other head that peers hold, whose position lies whole beside ours.
  public let atPeers: Place?
  /// Members who have not answered since this node started: what only they hold is not known here.
  public let silent: [CoalitionID]
  /// How many other members have answered.
  public let heard: Int
  /// Whether peers' position of ours is still on its way here.
  public let isFetching: Bool
  /// How many records of ours went out within a day; everyone holds what comes after four.
  public let recordsToday: Int

  public init(
    record: SignedObject, alliance: ObjectHash, here: HeadReference?, atPeers: HeadReference?, silent: [CoalitionID],
    heard: Int, isFetching: Bool, recordsToday: Int
  ) {
    signedRecord = (try? record.wire.serializedData()) ?? Data()
    allianceID = alliance.hex
    self.here = here.map(Place.init)
    self.atPeers = atPeers.map(Place.init)
    self.silent = silent
    self.heard = heard
    self.isFetching = isFetching
    self.recordsToday = recordsToday
  }

  /// - Throws: `Problem` `record-flood` if peers would hold the next record, and nobody says that it must go out all the same.
  func mayPublish(anyway: Bool) throws(Problem) {
    guard recordsToday >= RecordFlood.mostPerDay, !anyway else { return }
    throw Problem(
      RecordFlood.code,
      "\(recordsToday) member records of ours went out within a day: every peer holds the next one until its operator has "
        + "looked, at most a day",
      next: "wait; if it cannot wait, tell the other operators to expect it, and go on with --anyway")
  }

  /// A store that was put back may be older than what peers hold, and two records of one number stop a coalition everywhere.
  /// - Throws: `Problem` `peers-unheard` while fewer than two other members have told what they hold of ours, and nobody says that
  ///   it must go out all the same.
  func requireHeard(anyway: Bool) throws(Problem) {
    guard heard < min(2, heard + silent.count), !anyway else { return }
    let who = silent.map(\.rawValue).joined(separator: ", ")
    throw Problem(
      "peers-unheard",
      "since this node started, \(who) did not tell which records of ours they hold: a second one of the same number would "
        + "stop us everywhere until a roster settles it",
      next: "wait until they are linked: vaka status; if this store was never put back, go on with --anyway")
  }

  func record() throws(Problem) -> MemberRecord {
    guard let wire = try? WireSigned(serializedBytes: signedRecord) else {
      throw Problem("node-answer", "the node's member record cannot be read")
    }
    return try MemberRecord(SignedObject(type: .record, wire: wire))
  }

  func alliance() throws(Problem) -> ObjectHash {
    guard let id = ObjectHash(hex: allianceID) else { throw Problem("node-answer", "the node named no alliance") }
    return id
  }

  /// A record that opens an epoch, for the node to put in force.
  public struct Opening: Sendable, Codable {
    private let signedRecord: Data
    /// Whether it goes on from the position that peers hold.
    public let fromPeers: Bool

    init(_ record: MemberRecord, fromPeers: Bool) {
      signedRecord = (try? record.signed.wire.serializedData()) ?? Data()
      self.fromPeers = fromPeers
    }

    public func record(_ type: SignedType) throws(Problem) -> SignedObject {
      guard let wire = try? WireSigned(serializedBytes: signedRecord) else {
        throw Problem("record-unreadable", "the bytes are not a member record")
      }
      return SignedObject(type: type, wire: wire)
    }
  }
}
