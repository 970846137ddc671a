internal import Alliance
internal import Control
internal import Foundation
internal import Ledger
internal import Replication
internal import Signing
internal import Store
public import Wire

/// `vaka explain COALITION`: why this node holds what it holds of a coalition, and who else holds it.
public struct ExplainCoalition: Sendable, Codable {
  public let coalition: CoalitionID
  public let name: String
  /// One sentence a line, for people.
  public let lines: [String]
  public let next: String?

  /// - Parameter status: of the running node, or of its store.
  /// - Throws: `Problem` `not-in-roster`, or what the store says.
  public init(_ home: NodeHome, of coalition: CoalitionID, status: NodeStatus) throws {
    let membership = try home.currentMembership()
    guard let member = membership.roster.member(coalition), let record = membership.record(of: coalition) else {
      throw Problem(
        "not-in-roster", "no member of this alliance", object: coalition.rawValue, next: "vaka alliance show")
    }
    self.coalition = coalition
    name = record.name
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    let isOurs = coalition == home.coalition
    (lines, next) = try ledger.view { view in
      var lines = ["a member by roster \(membership.roster.number), identity \(member.fingerprint)"]
      lines.append(Self.signing(record))
      lines += try Self.position(coalition, record, view, membership)
      var next: String?
      if let proof = try Forks.acting(on: coalition, view) {
        let problem = Forks.problem(proof)
        lines.append("forked: \(problem.what); what it says is shown and counts for nothing")
        next = problem.next
      }
      if let hold = try view.hold(of: coalition) {
        lines.append("held at this head: \(hold.what) [\(hold.code)]; it is tried again by itself")
        next = next ?? hold.next
      }
      for held in try HeldRecords.of(coalition, membership, view) {
        lines.append("records held: \(held.problem.object ?? ""): \(held.problem.what) [\(held.problem.code)]")
        next = next ?? held.problem.next
      }
      if let conflict = membership.conflicts[coalition] {
        for record in conflict.records { lines.append(Self.words(record, after: membership.record(of: coalition))) }
      }
      if let staged = try view.staged(of: coalition) { lines.append(Self.copy(staged, isOurs: isOurs)) }
      let aside = try view.quarantined(of: coalition)
      if aside > 0 { lines.append("\(aside) of its statements are set aside: vaka quarantine list") }
      lines += isOurs ? Self.ours(status) : Self.link(status, coalition)
      return (lines, next ?? (isOurs ? status.signing.problem?.next : nil))
    }
  }

  private static func signing(_ record: MemberRecord) -> String {
    let epochs = record.epochs
    guard let newest = epochs.last else { return "by record \(record.number) it has no signing key" }
    let origin = newest.continues.map { ", which goes on from head \($0.epoch)/\($0.index)" } ?? ""
    return "by record \(record.number) it signs in epoch \(newest.number)\(origin)"
  }

  /// What one of two records of a number would change, so that people can tell them apart.
  private static func words(_ record: MemberRecord, after known: MemberRecord?) -> String {
    var changes: [String] = []
    if record.epochs.count > known?.epochs.count ?? 0 { changes.append("opens epoch \(record.epochs.count)") }
    if record.endpoints != known?.endpoints {
      changes.append("endpoints \(record.endpoints.isEmpty ? "none" : record.endpoints.joined(separator: " "))")
    }
    if record.authorities != known?.authorities { changes.append("other authorities") }
    if record.revokedSerials != known?.revokedSerials { changes.append("revokes a certificate") }
    if record.contact != known?.contact { changes.append("contact") }
    if record.sealingKey != known?.sealingKey { changes.append("sealing key") }
    return "record \(record.number) \(record.hash.hex.prefix(16)): "
      + (changes.isEmpty ? "no change that is shown here" : changes.joined(separator: ", "))
  }

  private static func position(
    _ coalition: CoalitionID, _ record: MemberRecord, _ view: LedgerView, _ membership: Membership
  ) throws -> [String] {
    let position = try view.position(of: coalition)
    guard let head = position.head else { return ["nothing of it is here: no head was ever applied"] }
    var lines = [
      "here at head \(head.epoch)/\(head.index), signed at \(Moment.text(position.signedAt)) by its clock: \(position.statements) statements, "
        + "live digest \(position.digest.hash.hex.prefix(16))"
    ]
    if let newest = record.epochs.last, newest.number > head.epoch {
      lines.append("the first head of epoch \(newest.number) is not here yet")
    }
    let others = membership.roster.coalitions.filter { $0 != coalition }
    let receipts = try view.receipts().map(\.receipt)
    let holding = others.filter { other in
      receipts.first { $0.coalition == other }?.entry(of: coalition)?.headHash == head.hash
    }
    let lacking = others.filter { !holding.contains($0) }.map(\.rawValue)
    lines.append(
      "by their newest receipts \(holding.count) of \(others.count) others hold this very head"
        + (lacking.isEmpty ? "" : "; not, or not known: \(lacking.joined(separator: ", "))"))
    return lines
  }

  private static func copy(_ staged: StagedPosition, isOurs: Bool) -> String {
    switch staged.phase {
    case .ready: "the position that peers hold lies whole beside this one, and waits for your choice"
    case .pages: "a copy of the whole position is on its way: \(staged.statements) statements are here"
    case .deltas, .buckets, .history:
      "a copy of the whole position is here and is being proven (\(staged.phase.rawValue))"
    }
  }

  private static func ours(_ status: NodeStatus) -> [String] {
    let signing = status.signing
    var lines = ["\(signing.queued) changes of ours wait to be signed; signing: \(signing.state)"]
    if let problem = signing.problem { lines.append("stopped: \(problem.what) [\(problem.code)]") }
    return lines
  }

  private static func link(_ status: NodeStatus, _ coalition: CoalitionID) -> [String] {
    guard let peer = status.peers.first(where: { $0.coalition == coalition }) else { return [] }
    let heard = peer.lastHeardSeconds.map { ", heard \(Moment.span(seconds: $0)) ago" } ?? ""
    var lines = ["its node: link \(peer.link), agrees: \(peer.agrees.rawValue)\(heard)"]
    if let note = peer.note { lines.append("noted: \(note)") }
    if let lack = peer.weLack, lack > 0 { lines.append("it shows \(lack) statements that are not here yet") }
    return lines
  }
}
