public import Alliance
internal import Audit
internal import Control
internal import Foundation
internal import Signing
internal import Store
internal import SwiftProtobuf
public import Wire

/// Member records in a file: for a node whose peers cannot verify its certificates yet, because they lack its newest record.
public enum RecordsFile {
  /// - Parameter coalition: whose; nil: everyone's.
  /// - Throws: `Problem` `not-in-roster`.
  public static func export(_ home: NodeHome, of coalition: CoalitionID?) throws -> String {
    let membership = try home.currentMembership()
    let members = coalition.map { [$0] } ?? membership.roster.coalitions
    var chains: [MemberRecord] = []
    for member in members {
      // Of one that was removed too: it may come back.
      guard let chain = membership.chains[member] else {
        throw Problem(
          "not-in-roster", "no member of this alliance", object: member.rawValue, next: "vaka alliance show")
      }
      // Two that contradict each other too: so that people can look at them, and hand them on.
      chains += chain.records + (membership.conflicts[member]?.records ?? [])
    }
    try AuditTrail(home.folder).write(
      AuditNote(.recordsExported, on: coalition.map { "\($0)" } ?? "all coalitions", count: chains.count))
    return text(chains)
  }

  static func text(_ records: [MemberRecord]) -> String {
    var wire = WireRecordChain()
    wire.records = records.map(\.signed.wire)
    return Armour.records.wrap((try? wire.serializedBytes()) ?? [])
  }

  /// - Throws: `Problem` `record-unreadable`, or what a record says.
  public static func read(_ text: String, file: String) throws(Problem) -> [MemberRecord] {
    let bytes = try Armour.records.unwrap(text, from: file)
    guard let wire = try? WireRecordChain(serializedBytes: bytes), wire.records.count <= 65_536 else {
      throw Problem(
        "record-unreadable", "the file of member records is damaged", object: file, next: "ask for it again")
    }
    var records: [MemberRecord] = []
    for record in wire.records { records.append(try MemberRecord(SignedObject(type: .record, wire: record))) }
    return records
  }

  /// Hands the records of a file to the running node, which passes them on to all peers.
  /// - Throws: `Problem` `node-not-running`, or what the node says; nothing is then changed.
  public static func install(_ text: String, file: String, in home: NodeHome) throws -> RecordsAnswer {
    _ = try read(text, file: file)
    return try NodeCall.records.ask(
      ControlClient(path: home.folder.controlSocket), RecordsQuestion(text: text), for: RecordsAnswer.self)
  }
}

/// The file's text as it goes to the node, which reads it again for itself.
public struct RecordsQuestion: Sendable, Codable {
  private let text: String

  init(text: String) { self.text = text }

  public func records() throws(Problem) -> [MemberRecord] { try RecordsFile.read(text, file: "member records") }
}

/// Which records were new here.
public struct RecordsAnswer: Sendable, Codable {
  public struct Name: Sendable, Codable {
    public let coalition: CoalitionID
    public let number: UInt32

    public init(coalition: CoalitionID, number: UInt32) {
      self.coalition = coalition
      self.number = number
    }
  }

  /// In force from now on.
  public let added: [Name]
  /// Kept, and not in force: each stands beside another one of its number.
  public let contradicting: [Name]
  /// Known here before.
  public let known: Int

  public init(added: [Name], contradicting: [Name], known: Int) {
    self.added = added
    self.contradicting = contradicting
    self.known = known
  }
}
