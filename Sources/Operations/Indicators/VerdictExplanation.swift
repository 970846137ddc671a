internal import Verdicts
internal import Wire

/// A verdict line by line: who said what, when, what follows and by which rule.
struct VerdictExplanation {
  private let verdict: Verdict
  private let policy: Policy

  init(_ verdict: Verdict, _ policy: Policy) {
    self.verdict = verdict
    self.policy = policy
  }

  var lines: [String] {
    verdict.listings.map(line) + sightings + disputes + guards + [statusLine] + ceilingLines
  }

  private func line(_ one: Verdict.Listing) -> String {
    let listing = one.listing
    var said = "\(one.coalition) lists it for \(CodeName.of(listing.reason)), from \(CodeName.of(listing.provenance))"
    if listing.hasConfidence { said += ", confidence \(listing.confidence)" }
    if listing.permittedAction != .unspecified { said += ", for \(CodeName.of(listing.permittedAction)) at most" }
    let days = "from \(Day.text(listing.validFrom)) to \(Day.text(listing.validUntil))"
    switch one.standing {
    case .counts: return "\(said); it holds \(days) and counts"
    case .notYet: return "\(said); it holds \(days), so it does not count yet"
    case .forked: return "\(said); \(one.coalition) signed two histories, so it counts for nothing until its new epoch"
    case .past: return "\(said); it held \(days) and does not count any more"
    }
  }

  private var sightings: [String] {
    guard let month = verdict.lastSighted else { return [] }
    let text = "\(1970 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)"
    return ["members of \(names(verdict.sightedBy)) met it, last in \(text)"]
  }

  private var disputes: [String] {
    verdict.disputedBy.map { "\($0) disputes it, and the dispute is not rejected" }
  }

  private var guards: [String] { verdict.finding.map { [GuardNote($0).text] } ?? [] }

  private var statusLine: String {
    switch verdict.status {
    case .expired: "no listing counts today: expired"
    case .disputed: "a dispute that is not rejected: disputed"
    case .singleSource: "one coalition counts: single-source"
    case .corroborated(let count): "\(count) coalitions count: corroborated(\(count))"
    case .confirmed(let count):
      "\(count) coalitions count, one of them from \(policy.confirmedBy.joined(separator: ", ")): confirmed(\(count))"
    }
  }

  private var ceilingLines: [String] {
    var lines: [String] = []
    let live = verdict.listings.filter { $0.standing == .counts }
    if let rule = verdict.rule {
      lines.append("policy \(policy.name) lets \(rule.action.rawValue) follow from \(rule.coalitions) coalitions")
    }
    switch verdict.limit {
    case .dispute: lines.append("the dispute leaves \(verdict.ceiling.rawValue), whatever the policy says")
    case .guarded: lines.append("the guard leaves \(verdict.ceiling.rawValue) here, whatever the policy says")
    case .type: lines.append("identifiers of this type are weak evidence: at most \(verdict.ceiling.rawValue)")
    case nil:
      for rule in policy.rules.sorted(by: { $0.action < $1.action }) where rule.action > verdict.ceiling {
        let missing = policy.missing(for: rule, in: live).joined(separator: ", and ")
        lines.append("not \(rule.action.rawValue): policy \(policy.name) asks for \(missing)")
      }
    }
    return lines + ["so at most: \(verdict.ceiling.rawValue)"]
  }

  private func names(_ coalitions: [CoalitionID]) -> String {
    coalitions.map(\.rawValue).joined(separator: ", ")
  }
}
