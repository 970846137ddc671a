public import FoundationEssentials

/// What to do about a node's certificate at a given time.
public enum LeafRenewal: Sendable, Hashable {
  case none
  /// The authority's key is at hand: issue a new one now.
  case renew
  /// Someone has to bring a new one; whole days left, rounded down.
  case warn(daysLeft: Int)
  case expired

  /// Where the authority is at hand, renews when less than a third of the life is left: at 20 days of 60; or when it has not begun. Otherwise
  /// warns from 30 days before the end, or from half of a life that is shorter than 60 days, so that a fresh
  /// certificate does not warn.
  public static func advice(
    notBefore: Date, notAfter: Date, now: Date, authorityAtHand: Bool
  ) -> LeafRenewal {
    let left = notAfter.timeIntervalSince(now)
    let life = max(0, notAfter.timeIntervalSince(notBefore))
    if authorityAtHand {
      // Made while the clock was ahead: peers refuse it until then.
      return left < life / 3 || notBefore > now ? .renew : .none
    }
    guard left > 0 else { return .expired }
    guard left < min(30 * 86_400, life / 2) else { return .none }
    return .warn(daysLeft: Int(min(left / 86_400, 36_500)))
  }
}
