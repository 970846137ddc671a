internal import Alliance
internal import Audit
internal import Ledger
internal import Logging
internal import Operations
internal import Replication
internal import Store
internal import Wire

/// What keeps a coalition at its last good head until the operator has looked.
extension Node {
  static let crashHoldCode = "crash-hold"

  /// Coalitions that are held because this node died of their heads: known from before, and the one it died of just now. A
  /// new version of the software tries once more.
  static func crashHolds(
    _ suspect: ApplyingNote.Suspect?, _ ledger: LedgerStore, version: String
  ) throws -> [CoalitionID: Problem] {
    var holds: [CoalitionID: Problem] = [:]
    for hold in try ledger.view({ try $0.holds() }) where hold.problem.code == crashHoldCode {
      if hold.problem.object == version { holds[hold.coalition] = hold.problem }
    }
    if let suspect, suspect.deaths >= ApplyingNote.mostDeaths {
      let problem = Problem(
        crashHoldCode, "this node died twice while it applied head \(suspect.head); nothing later of it is applied",
        object: version,
        next:
          "keep the log and report it; after an upgrade it is tried again, or: vaka hold release \(suspect.coalition)")
      holds[suspect.coalition] = problem
      try ledger.transaction { try $0.saveHold(problem, of: suspect.coalition) }
    }
    return holds
  }

  /// Before a head is applied, or an answer is taken into a copy.
  func noteApplying(_ coalition: CoalitionID, _ what: String) {
    applying.begin(coalition, head: what, after: suspect?.coalition == coalition ? suspect?.deaths ?? 0 : 0)
  }

  /// Lets a held coalition go on: the operator has looked.
  func releaseHold(of coalition: CoalitionID, _ audit: AuditTrail) throws {
    guard membership.roster.member(coalition) != nil else {
      throw Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue, next: "vaka peer list")
    }
    let (hold, watch) = try ledger.view { (try $0.hold(of: coalition), try $0.recordWatch(of: coalition)) }
    let codes = [hold?.code, watch.heldAt == nil ? nil : RecordFlood.code].compactMap(\.self)
    guard !codes.isEmpty else {
      throw Problem(
        "not-held", "nothing of this coalition is held", object: coalition.rawValue, next: "vaka hold list")
    }
    try audit.write(AuditNote(.holdReleased, on: "\(coalition)", before: codes.joined(separator: ", ")))
    try ledger.transaction { transaction in
      if watch.heldAt != nil { try transaction.save(RecordFlood.release(watch, now: Self.pace()), of: coalition) }
      guard hold != nil else { return }
      if var window = try transaction.changeWindow(of: coalition) {
        Breaker.release(&window, before: try transaction.position(of: coalition), now: Self.milliseconds())
        try transaction.save(window, of: coalition)
      }
      try transaction.saveHold(nil, of: coalition)
    }
    crashHolds[coalition] = nil
    suspect = nil
    logger.notice("the operator released what was held", metadata: ["vaka.coalition": "\(coalition)"])
    feed(.released(coalition))
  }
}
