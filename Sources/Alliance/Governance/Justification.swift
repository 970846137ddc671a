public import Signing
public import Wire

/// Which proposals of a round may be voted for, by the promises made for that round.
///
/// A proposal of a later round needs a quorum of promises and repeats the proposal of the highest vote that they name, so that
/// whatever was decided before, perhaps unseen, is what is decided again. Further promises of honest members never take back what was allowed.
///
/// A vote that a promise names counts only if its proposer did propose that and was allowed to: otherwise one liar could invent
/// a vote. If a proposer signed two proposals in one round, those are left out that cannot have been decided there.
public struct Justification: Sendable {
  /// What a promise says.
  public struct Promise: Sendable, Hashable {
    public let member: CoalitionID
    public let round: RosterRound
    /// The member's latest vote, below the round.
    public let latest: RosterChoice?

    public init(member: CoalitionID, round: RosterRound, latest: RosterChoice?) {
      self.member = member
      self.round = round
      self.latest = latest
    }
  }

  /// What the promises for a round leave open.
  public struct Answer: Sendable, Hashable {
    /// No earlier round can have decided anything: any roster may be proposed.
    public internal(set) var isFree: Bool
    /// What may have been decided earlier and is to be repeated.
    public internal(set) var repeats: Set<ObjectHash>

    public init(isFree: Bool = false, repeats: Set<ObjectHash> = []) {
      self.isFree = isFree
      self.repeats = repeats
    }

    /// Whether the promises are too few, or contradict each other in a way that only more of them can resolve.
    public var waits: Bool { !isFree && repeats.isEmpty }

    public func allows(_ proposal: ObjectHash) -> Bool { isFree || repeats.contains(proposal) }
  }

  private let quorum: Quorum
  private let first: RosterRound
  private let promises: [RosterRound: [CoalitionID: Set<RosterChoice?>]]
  /// Proposals that may be voted for.
  public private(set) var allowed: Set<RosterChoice> = []

  /// - Parameters:
  ///   - first: the round that needs no promises.
  ///   - promises: of members who decide, for rounds after the first.
  ///   - proposals: what the proposers of rounds have proposed there.
  public init(
    quorum: Quorum, first: RosterRound, promises: some Sequence<Promise>, proposals: some Sequence<RosterChoice>
  ) {
    self.quorum = quorum
    self.first = first
    var byRound: [RosterRound: [CoalitionID: Set<RosterChoice?>]] = [:]
    for promise in promises { byRound[promise.round, default: [:]][promise.member, default: []].insert(promise.latest) }
    self.promises = byRound
    // Whether a proposal is allowed depends on lower rounds only.
    for choice in proposals.sorted() where answer(for: choice.round).allows(choice.proposal) { allowed.insert(choice) }
  }

  public func allows(_ choice: RosterChoice) -> Bool { allowed.contains(choice) }

  /// What may be proposed in a round.
  public func answer(for round: RosterRound) -> Answer {
    var answer = Answer()
    guard round != first else {
      answer.isFree = true
      return answer
    }
    let heard = (promises[round] ?? [:]).compactMapValues { latest -> Set<RosterChoice?>? in
      let usable = latest.filter { $0.map { $0.round < round && allowed.contains($0) } ?? true }
      return usable.isEmpty ? nil : usable
    }
    answer.isFree = quorum.isReached(
      by: planted(.highestVoteIgnored) ? heard.count : heard.values.count { $0.contains(nil) })
    let named = Set(heard.values.joined().compactMap { $0 })
    for (highest, choices) in Dictionary(grouping: named, by: \.round) {
      for choice in choices where repeats(choice, heard) { answer.repeats.insert(choice.proposal) }
      if choices.count > 1 { resolve(highest, choices, heard, &answer) }
    }
    return answer
  }

  /// Whether a quorum names this as its highest vote, and no other of that round.
  private func repeats(_ choice: RosterChoice, _ heard: [CoalitionID: Set<RosterChoice?>]) -> Bool {
    quorum.isReached(
      by: heard.values.count { latest in
        latest.contains { $0 == choice || Self.isBelow($0, choice.round) }
      })
  }

  private static func isBelow(_ latest: RosterChoice?, _ round: RosterRound) -> Bool {
    latest.map { $0.round < round } ?? true
  }

  /// Two proposals of one round are named, so its proposer has lied. At most this many can have voted for one of them: who
  /// says so, who is not heard, and the proposer. What falls short of a quorum was not decided.
  private func resolve(
    _ round: RosterRound, _ choices: [RosterChoice], _ heard: [CoalitionID: Set<RosterChoice?>], _ answer: inout Answer
  ) {
    for repeated in choices.map(Optional.some) + [nil] {
      var (asked, named, votes) = (0, false, [RosterChoice: Int]())
      for (member, latest) in heard where member != round.proposer {
        let here = choices.filter { latest.contains($0) }
        if latest.contains(where: { Self.isBelow($0, round) }) {
          asked += 1
        } else if let vote = here.first(where: { $0 == repeated }) ?? here.min() {
          asked += 1
          named = true
          votes[vote, default: 0] += 1
        }
      }
      // The proposer may have voted for any of them, whatever it says.
      let unknown = quorum.members - asked
      let others = choices.filter { $0 != repeated }
      let answered = asked + (heard[round.proposer] == nil ? 0 : 1)
      guard named, quorum.isReached(by: answered), !quorum.isReached(by: unknown),
        others.allSatisfy({ !quorum.isReached(by: votes[$0, default: 0] + unknown) })
      else { continue }
      if let repeated { answer.repeats.insert(repeated.proposal) } else { answer.isFree = true }
    }
  }
}
