internal import Wire

extension Policy {
  /// The highest action of which a rule is met by the listings that hold today.
  func highestRule(met live: [Verdict.Listing]) -> Rule? {
    rules.filter { missing(for: $0, in: live).isEmpty }
      .max { ($0.action, -$0.coalitions) < ($1.action, -$1.coalitions) }
  }

  /// What a rule lacks, for people; empty if it is met.
  public func missing(for rule: Rule, in live: [Verdict.Listing]) -> [String] {
    let permitting = live.filter { listing in
      Action(permitted: listing.listing.permittedAction) >= rule.action
        && (rule.confidence.map { listing.listing.hasConfidence && listing.listing.confidence >= $0 } ?? true)
    }
    var missing: [String] = []
    let count = Verdict.distinct(permitting).count
    if count < rule.coalitions {
      let condition = rule.confidence.map { " with a confidence of \($0) or more" } ?? ""
      missing.append(
        "\(rule.coalitions) coalitions that permit it\(condition), \(count == 1 ? "1 does" : "\(count) do")")
    }
    if let sources = rule.oneFrom, !permitting.contains(where: { sources.contains(CodeName.of($0.listing.provenance)) })
    {
      missing.append("one of them from \(sources.joined(separator: ", "))")
    }
    return missing
  }

  func status(of live: [Verdict.Listing]) -> Verdict.Status {
    let count = Verdict.distinct(live).count
    guard count > 1 else { return .singleSource }
    let seen = live.contains { confirmedBy.contains(CodeName.of($0.listing.provenance)) }
    return seen ? .confirmed(count) : .corroborated(count)
  }
}
