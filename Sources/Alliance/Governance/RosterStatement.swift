public import Signing
public import Wire

/// What a member signs in an election: a promise or a vote.
public enum RosterStatement: Sendable, Hashable {
  case promise(RosterPromise)
  case vote(RosterVote)

  public var signed: SignedObject {
    switch self {
    case .promise(let promise): promise.signed
    case .vote(let vote): vote.signed
    }
  }

  public var coalition: CoalitionID {
    switch self {
    case .promise(let promise): promise.coalition
    case .vote(let vote): vote.coalition
    }
  }

  public var round: RosterRound {
    switch self {
    case .promise(let promise): promise.round
    case .vote(let vote): vote.choice.round
    }
  }

  /// The vote that it is or names.
  var evidence: RosterChoice? {
    switch self {
    case .promise(let promise): promise.latest
    case .vote(let vote): vote.choice
    }
  }

  var isPromise: Bool { if case .promise = self { true } else { false } }
}

extension RosterStatement {
  /// Two statements of one member that no honest signer makes: two votes in a round, or a promise that conceals a vote below
  /// it, or a vote below a promise (which is the same to a reader). Nil if an honest signer could have made all.
  ///
  /// A promise for round R names the latest vote before it, and no vote below R comes after it. So every vote below R that
  /// is shown, or named by any other promise, is the one that this promise names, or lies below that.
  static func contradiction(in statements: [RosterStatement]) -> (RosterStatement, RosterStatement)? {
    let evidence = statements.filter { $0.evidence != nil }.sorted { one, other in
      guard let left = one.evidence, let right = other.evidence else { return false }
      return left < right
    }
    for (one, other) in zip(evidence, evidence.dropFirst())
    where one.evidence?.round == other.evidence?.round && one.evidence != other.evidence { return (one, other) }
    for promise in statements where promise.isPromise {
      // The highest vote below the promise's round.
      var (low, high) = (0, evidence.count)
      while low < high {
        let middle = (low + high) / 2
        if evidence[middle].evidence.map({ $0.round < promise.round }) == true {
          low = middle + 1
        } else {
          high = middle
        }
      }
      guard low > 0, let vote = evidence[low - 1].evidence else { continue }
      if promise.evidence.map({ $0.round < vote.round }) ?? true { return (promise, evidence[low - 1]) }
    }
    return nil
  }
}
