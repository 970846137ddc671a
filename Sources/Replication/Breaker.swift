public import Ledger
public import Wire

/// What changed of one coalition's position within an hour, by the local clock: a delay, never a rule of validity.
public struct ChangeWindow: Sendable, Hashable {
  /// Milliseconds since 1970.
  public var startedAt: UInt64
  /// Statements of the position at that time.
  public var statements: UInt64
  /// Rows removed or replaced since.
  public var changed: UInt64
  /// When the breaker held the coalition; nil while it does not.
  public var trippedAt: UInt64?
  /// Until when everything passes, because the operator said so or did not answer.
  public var passesUntil: UInt64

  public init(
    startedAt: UInt64, statements: UInt64, changed: UInt64 = 0, trippedAt: UInt64? = nil, passesUntil: UInt64 = 0
  ) {
    self.startedAt = startedAt
    self.statements = statements
    self.changed = changed
    self.trippedAt = trippedAt
    self.passesUntil = passesUntil
  }
}

/// Holds a coalition at its last good head when it takes back or replaces more than a quarter of its position within an
/// hour, or grows more than tenfold and by more than 10,000: a stolen key or a slip should not empty everyone's list
/// before a person has looked. Unanswered for a day, it is applied.
///
/// Not in the first copy, and not for small positions, which change much by nature.
public enum Breaker {
  /// What a node goes by; a simulation trips sooner, to try much with little.
  public struct Limits: Sendable {
    /// Milliseconds in which changes are counted together.
    public var window: UInt64 = 3_600_000
    /// Milliseconds after which what was held is applied, if nobody has answered.
    public var patience: UInt64 = 24 * 3_600_000
    /// Smaller positions change much by nature.
    public var leastStatements: UInt64 = 1_000
    var mostShare: UInt64 = 4
    var mostGrowth: UInt64 = 10
    var leastGrowth: UInt64 = 10_000

    public static let standard = Limits()
  }

  /// Judges what one head would change, and counts it if it may pass.
  /// - Parameters:
  ///   - changed: rows that it removes or replaces, pairs of re-hashing left out.
  ///   - now: milliseconds since 1970.
  /// - Returns: the window to keep, and why the head is held, if it is.
  public static func judge(
    _ window: ChangeWindow?, before: Position, after statements: UInt64, changed: UInt64, now: UInt64,
    limits: Limits = .standard
  ) -> (ChangeWindow, Problem?) {
    var window = window ?? ChangeWindow(startedAt: now, statements: before.statements)
    // A clock that is put back must not make a delay of a day one of weeks, nor an hour's release one.
    if let tripped = window.trippedAt, now < tripped { window.trippedAt = now }
    if window.passesUntil > now &+ limits.window { window.passesUntil = 0 }
    if window.trippedAt == nil, now >= window.startedAt &+ limits.window || now < window.startedAt {
      window = ChangeWindow(startedAt: now, statements: before.statements, passesUntil: window.passesUntil)
    }
    if let tripped = window.trippedAt, now >= tripped &+ limits.patience {
      release(&window, before: before, now: now, limits: limits)
    }
    // What was added within the hour can be taken away within it too.
    let (start, most) = (window.statements, max(window.statements, before.statements))
    let takesTooMuch =
      most >= limits.leastStatements && (window.changed &+ changed) > most / limits.mostShare
    let growsTooMuch =
      start >= limits.leastStatements && statements / limits.mostGrowth > start
      && statements > start &+ limits.leastGrowth
    guard before.head != nil, takesTooMuch || growsTooMuch, now >= window.passesUntil,
      !planted(.breakerNeverTrips)
    else {
      window.changed &+= changed
      return (window, nil)
    }
    if window.trippedAt == nil { window.trippedAt = now }
    return (
      window,
      Problem(
        "breaker",
        "within an hour it would remove or replace \(window.changed &+ changed) of \(most) statements and have "
          + "\(statements): held until you have looked, at most a day",
        object: "\(before.coalition)",
        next: "ask its operator; if it is meant: vaka hold release \(before.coalition)")
    )
  }

  /// Lets everything pass for an hour, or whatever the window is.
  public static func release(_ window: inout ChangeWindow, before: Position, now: UInt64, limits: Limits = .standard) {
    window = ChangeWindow(startedAt: now, statements: before.statements, passesUntil: now &+ limits.window)
  }

  /// Rows that changes take away or replace. A statement that only moves to a new hash key names its digest before, and is
  /// no loss.
  static func count(_ changes: [RowChange]) -> UInt64 {
    var moved: Set<StatementKey> = []
    if changes.contains(where: { if case .remove = $0 { true } else { false } }) {
      for case .put(let row, _) in changes {
        if let previous = row.previousKey { moved.insert(previous) }
      }
    }
    return changes.reduce(0) { sum, change in
      switch change {
      case .put(_, let replaces): sum + (replaces ? 1 : 0)
      case .remove(let key): sum + (moved.contains(key) ? 0 : 1)
      }
    }
  }
}
