public import Alliance
public import Ledger
internal import Wire

/// What the store, the sign mark and the peers say of our own heads: judged here, for the node and for its simulation.
extension SignGate {
  /// What becomes of a head of ours that a peer shows.
  public enum Shown: Sendable {
    /// Something is missing before it can be read, or it is not ours.
    case unreadable(Fault)
    /// The peer has answered; nil: with nothing that we must know.
    case counts(HeadReference?, isKnown: Bool)
  }

  /// Only a head that our key signed counts, so that nobody can stop us by a lie.
  /// - Parameter knows: whether we hold it, or need not.
  /// - Throws: what `knows` throws.
  public static func judge(
    _ head: Head?, under authority: HeadAuthority?, knows: (HeadReference, HeadAuthority) throws -> Bool
  ) throws -> Shown {
    guard let head else { return .counts(nil, isKnown: true) }
    guard let authority else { return .counts(head.reference, isKnown: true) }
    do {
      _ = try authority.check(head)
    } catch let fault as Fault {
      switch fault {
      case .link, .unknownRecord, .unknownRoster:
        return planted(.unreadHeadCounts) ? .counts(nil, isKnown: true) : .unreadable(fault)
      // Of an epoch that is closed: nothing that we must know.
      case .void: return planted(.closedHeadNoAnswer) ? .unreadable(fault) : .counts(nil, isKnown: true)
      case .coalition, .local, .held: break
      }
    }
    return .counts(head.reference, isKnown: try knows(head.reference, authority))
  }

  /// Whether we hold a head of ours that a peer shows, or need not.
  ///
  /// In a closed epoch only what leads to its cut is valid, and whoever stands at the cut or past it holds all of that. A peer
  /// may still show the other history of a fork that a new epoch has ended.
  /// - Throws: what the store throws.
  public static func knows(
    _ head: HeadReference, authority: HeadAuthority, reading reader: any LedgerReading
  ) throws -> Bool {
    let here = try reader.history(of: head.coalition, epoch: head.epoch, from: head.index, limit: 1)
    if here.first == head.hash { return true }
    guard let ours = try reader.position(of: head.coalition).head else { return false }
    return ours.epoch > head.epoch || authority.epochs[head.epoch]?.cut == HeadAuthority.Continuation(ours)
  }

  /// Whether the mark is the last decision that the store knows of. In an epoch that was opened after both, nothing was
  /// decided yet: then the store must only hold the head that the epoch goes on from.
  public static func matches(decided: HeadReference?, store head: HeadReference?, newest: SigningEpoch?) -> Bool {
    if let decided, let head, let newest, decided.epoch < newest.number, newest.continues != nil {
      return newest.goesOn(from: head)
    }
    return decided == head
  }

  /// Whether our position as peers hold it becomes ours without a word of the operator: this node decided that head, or its
  /// newest epoch goes on from it and nothing was decided in that epoch.
  public static func adopts(_ copied: HeadReference, decided: HeadReference?, newest: SigningEpoch?) -> Bool {
    guard let decided else { return false }
    if decided == copied || planted(.adoptedWithoutMark) { return true }
    guard let newest, decided.epoch < newest.number else { return false }
    return newest.goesOn(from: copied)
  }
}

extension SigningEpoch {
  fileprivate func goesOn(from head: HeadReference) -> Bool {
    continues.map(HeadAuthority.Continuation.init) == HeadAuthority.Continuation(head)
  }
}
