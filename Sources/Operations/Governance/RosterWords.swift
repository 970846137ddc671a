public import Alliance
internal import Signing
public import Wire

extension RosterDifference {
  /// For people, with days as they write them.
  public var words: String {
    switch self {
    case .closes(let epoch, let day): "closes hash key \(epoch) on \(Day.text(day))"
    case .expires(let day) where day > 0: "expires on \(Day.text(day))"
    case .quota(let coalition, let from, let to):
      "changes the quota of \(coalition) from \(Self.words(from)) to \(Self.words(to))"
    case .admits(let member, let again):
      "admits \(member.coalition) (\(member.name))\(again ? " again" : ""), identity \(member.fingerprint), "
        + "trust domain \(member.trustDomain), at most \(Self.words(member.quota))"
        + (again ? "; only epochs count that it opens from now on" : "")
    default: description
    }
  }

  private static func words(_ quota: Roster.Quota) -> String {
    let mebibytes = quota.liveBytes >> 20
    let bytes = quota.liveBytes & 0xF_FFFF == 0 ? "\(spaced(mebibytes)) MiB" : "\(spaced(quota.liveBytes)) bytes"
    return "\(spaced(quota.statements)) statements and \(bytes)"
  }

  /// With thousands spaced.
  private static func spaced(_ number: UInt64) -> String {
    var (groups, digits) = ([String](), Substring(String(number)))
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = digits.dropLast(3)
    }
    return ([String(digits)] + groups).joined(separator: " ")
  }

  /// What somebody has to compare by telephone before the vote.
  var toCompare: String? {
    switch self {
    case .admits(let member, _): "\(member.coalition) must read \(member.fingerprint)"
    case .identity(let coalition, _, let fingerprint): "\(coalition) must read \(fingerprint)"
    default: nil
    }
  }
}

/// Who has signed, of those who are asked, and how many must.
public struct RosterCount: Sendable, Codable {
  public let signed: [CoalitionID]
  public let missing: [CoalitionID]
  public let needed: Int

  init(_ signed: Set<CoalitionID>, of members: [CoalitionID]) {
    self.signed = members.filter(signed.contains)
    missing = members.filter { !signed.contains($0) }
    needed = Quorum(of: members.count).size
  }

  public var lacks: Int { max(0, needed - signed.count) }

  /// "se (1 of 2 needed); not yet no, us".
  public var words: String {
    let names = signed.isEmpty ? "nobody" : signed.map(\.rawValue).joined(separator: ", ")
    let rest = missing.isEmpty ? "" : "; not yet \(missing.map(\.rawValue).joined(separator: ", "))"
    return "\(names) (\(signed.count) of \(needed) needed)\(rest)"
  }
}

extension Deliberation {
  /// Votes for a proposal: of the members now, and of the members that it would have.
  func votes(for choice: RosterChoice, _ roster: Roster) -> (now: RosterCount, then: RosterCount) {
    let votes = ballots.filter { $0.choice == choice }.map(\.vote)
    let now = votes.filter { vote in election.electors[vote.coalition].map { vote.signed.isSigned(by: $0) } ?? false }
    let then = votes.filter { vote in
      roster.member(vote.coalition).map { vote.signed.isSigned(by: $0.identityKey) } ?? false
    }
    return (
      RosterCount(Set(now.map(\.coalition)), of: chain.newest.coalitions),
      RosterCount(Set(then.map(\.coalition)), of: roster.coalitions)
    )
  }

  func promises(for round: RosterRound) -> RosterCount {
    RosterCount(Set(promises.filter { $0.round == round }.map(\.coalition)), of: chain.newest.coalitions)
  }
}

/// What a person reads before signing: what would change, whose signatures are missing, what to compare by telephone.
public struct RosterWords: Sendable, Codable {
  /// What it is that is signed, in one sentence.
  public let act: String
  /// What the roster would change; empty for a promise.
  public let changes: [String]
  public let votes: [String]
  /// Fingerprints that newcomers, and members with a new key, read out.
  public let compare: [String]

  init(_ act: RosterAct, _ acts: RosterActs, repeats: Bool = false) {
    let known = acts.known
    let number = known.election.number
    guard let roster = acts.roster(of: act) else {
      self.act = "promise \(act.round) on roster \(number): you vote in no earlier round"
      changes = []
      votes = ["promises: \(known.promises(for: act.round).words)"]
      compare = []
      return
    }
    let differences = roster.differences(from: known.chain.newest)
    changes = differences.map(\.words)
    compare = differences.compactMap(\.toCompare)
    let short = roster.hash.hex.prefix(12)
    let choice = RosterChoice(round: act.round, proposal: roster.hash)
    let (now, then) = known.votes(for: choice, roster)
    switch act {
    case .propose:
      self.act =
        repeats
        ? "propose roster \(number) (\(short)) again, in \(act.round): an earlier round may have decided it, so it comes first"
        : "propose roster \(number) (\(short)), in \(act.round)"
    default: self.act = "vote for roster \(number) (\(short)), in \(act.round)"
    }
    votes =
      ["votes of the members now: \(now.words)"]
      + (roster.coalitions == known.chain.newest.coalitions ? [] : ["votes of the members then: \(then.words)"])
  }

  public var lines: [String] {
    [act] + changes.map { "- \($0)" } + votes + compare.map { "compare by telephone: \($0)" }
  }
}
