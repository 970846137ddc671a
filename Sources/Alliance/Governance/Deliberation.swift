public import Signing
public import Wire

/// All that was said about which roster comes next: promises and votes, with the rosters voted for.
///
/// It is a union: any order, any copy and any split merge to the same. It is bounded: of one member and round two promises and
/// two votes are kept, which is one more than an honest member makes and enough to prove that it was not honest.
public struct Deliberation: Sendable {
  struct Place: Hashable, Comparable, Sendable {
    let round: RosterRound
    let member: CoalitionID

    static func < (left: Place, right: Place) -> Bool { (left.round, left.member) < (right.round, right.member) }
  }

  /// Of one member and round.
  static let mostKept = 2

  /// Up to the roster in force.
  public let chain: RosterChain
  public let election: Election
  /// Sorted by what they say; at most two.
  var promisesByPlace: [Place: [RosterPromise]] = [:]
  /// Sorted by the roster voted for; at most two.
  var ballotsByPlace: [Place: [Ballot]] = [:]

  /// Nothing said yet.
  public init(after chain: RosterChain) {
    self.chain = chain
    election = chain.election
  }

  public var isEmpty: Bool { promisesByPlace.isEmpty && ballotsByPlace.isEmpty }

  /// By round, then member.
  public var promises: [RosterPromise] { promisesByPlace.sorted { $0.key < $1.key }.flatMap(\.value) }
  /// By round, then member.
  public var ballots: [Ballot] { ballotsByPlace.sorted { $0.key < $1.key }.flatMap(\.value) }

  /// What the proposer of each round proposed.
  public var proposals: Set<RosterChoice> { Set(ballotsByPlace.values.joined().map(\.choice)) }

  public func roster(_ hash: ObjectHash) -> Roster? {
    ballotsByPlace.values.joined().first { $0.roster.hash == hash }?.roster
  }

  /// Adds a promise.
  /// - Throws: `Problem` as `Election.check`.
  public mutating func add(_ promise: RosterPromise) throws(Problem) { insert(try election.check(promise)) }

  /// Adds a vote with its proposal.
  /// - Throws: `Problem` as `Ballot.init`.
  public mutating func add(_ ballot: Ballot) throws(Problem) {
    insert(try Ballot(vote: ballot.vote, proposerVote: ballot.proposerVote, roster: ballot.roster, in: chain))
  }

  mutating func insert(_ promise: RosterPromise) {
    let place = Place(round: promise.round, member: promise.coalition)
    var kept = promisesByPlace[place] ?? []
    if let index = kept.firstIndex(where: { $0.latest == promise.latest }) {
      let known = kept[index]
      if known.signed == promise.signed {
        let keys = election.electors[promise.coalition].map { [$0] } ?? []
        if known.signed.signatures != promise.signed.signatures {
          kept[index] = known.with(known.signed.uniting(promise.signed, keys: keys))
        }
      } else if promise.signed.precedes(known.signed) {
        kept[index] = promise
      }
    } else {
      kept.append(promise)
      kept.sort { one, other in
        guard let right = other.latest else { return false }
        return one.latest.map { $0 < right } ?? true
      }
    }
    promisesByPlace[place] = Array(kept.prefix(Self.mostKept))
  }

  mutating func insert(_ ballot: Ballot) {
    let place = Place(round: ballot.choice.round, member: ballot.coalition)
    var kept = ballotsByPlace[place] ?? []
    if let index = kept.firstIndex(where: { $0.choice == ballot.choice }) {
      kept[index] = kept[index].uniting(ballot, in: election)
    } else {
      kept.append(ballot)
      kept.sort { $0.choice < $1.choice }
    }
    ballotsByPlace[place] = Array(kept.prefix(Self.mostKept))
  }

  /// The union with what somebody else knows.
  /// - Throws: `Problem` `roster-statement-misplaced` if it is about another roster.
  public func merging(_ other: Deliberation) throws(Problem) -> Deliberation {
    guard other.election == election else {
      throw Problem(
        "roster-statement-misplaced",
        "it is about another roster than the one that follows roster \(chain.newest.number)",
        object: "roster \(other.election.number)", next: "fetch the rosters first")
    }
    var merged = self
    for promise in other.promisesByPlace.values.joined() { merged.insert(promise) }
    for ballot in other.ballotsByPlace.values.joined() { merged.insert(ballot) }
    return merged
  }
}
