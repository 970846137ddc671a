public import Wire

/// How fast a coalition's member records come, by the local clock: a delay, never a rule of validity.
public struct RecordWatch: Sendable, Hashable {
  /// When its own node last showed that there is nothing newer than what is here; nil: its chain was never whole here.
  /// Milliseconds since 1970, as all times here.
  public var wholeAt: UInt64?
  /// When the records of the last day came, or may have come, ascending.
  public var arrivals: [UInt64]
  /// Since when later records are held; nil while they are not.
  public var heldAt: UInt64?
  /// The newest record that was shown and is held.
  public var heldNumber: UInt32
  /// Until when everything passes, because the operator said so or did not answer.
  public var passesUntil: UInt64

  public init(
    wholeAt: UInt64? = nil, arrivals: [UInt64] = [], heldAt: UInt64? = nil, heldNumber: UInt32 = 0,
    passesUntil: UInt64 = 0
  ) {
    self.wholeAt = wholeAt
    self.arrivals = arrivals
    self.heldAt = heldAt
    self.heldNumber = heldNumber
    self.passesUntil = passesUntil
  }
}

/// Holds a coalition's further member records when more than four come within a day: a stolen identity key should not change
/// everything about a coalition, again and again, before a person has looked. Unanswered for a day, they count.
///
/// What was published while nobody could hear of it is no flood: a first copy of a chain is taken whole, and one that goes on after
/// days of silence may have grown by four records for each of them. Nothing is read from what the records say.
public enum RecordFlood {
  public static let code = "record-flood"
  public static let day: UInt64 = 24 * 3_600_000
  public static let mostPerDay = 4
  /// How long everything passes once it is released.
  static let passage: UInt64 = 3_600_000
  /// More arrivals than these need not be remembered to know that they are too many.
  static let mostRemembered = 256

  /// Judges records that have come and that no roster pins.
  /// - Parameters:
  ///   - coming: how many would lengthen the chain.
  ///   - newest: the number of the last of them.
  /// - Returns: the watch to keep, and how many of them are taken.
  public static func judge(
    _ watch: RecordWatch, coming: Int, newest: UInt32, now: UInt64
  ) -> (watch: RecordWatch, taken: Int) {
    var watch = settled(watch, now: now)
    guard coming > 0 else { return (watch, 0) }
    guard let whole = watch.wholeAt else { return (watch, coming) }
    let room: Int
    if now < watch.passesUntil || planted(.floodNotHeld) {
      room = coming
    } else if watch.heldAt != nil {
      room = 0
    } else {
      let since = min(whole, now - min(now, day))
      let days = Int(clamping: (now - since) / day + ((now - since) % day == 0 ? 0 : 1))
      let (allowed, isTooMany) = max(1, days).multipliedReportingOverflow(by: mostPerDay)
      room = isTooMany ? coming : max(0, allowed - watch.arrivals.count { $0 > since })
    }
    let taken = min(coming, room)
    // They may have been published at any time since the chain was whole: a long silence is no busy day.
    let step = (now - whole) / UInt64(max(1, taken))
    watch.arrivals += (1...max(1, taken)).prefix(taken).map { now - step * UInt64(taken - $0) }
    watch.arrivals = Array(watch.arrivals.sorted().suffix(mostRemembered))
    if taken < coming {
      watch.heldAt = watch.heldAt ?? now
      watch.heldNumber = max(watch.heldNumber, newest)
    } else {
      watch.heldAt = nil
    }
    return (watch, taken)
  }

  /// How many of our own went out within a day: the next after four would be held by everyone.
  public static func published(_ watch: RecordWatch, now: UInt64) -> Int {
    settled(watch, now: now).arrivals.count { $0 > now - min(now, day) }
  }

  /// Notes records of our own making, or those that a person has brought: they have been looked at.
  public static func note(_ watch: RecordWatch, _ count: Int, now: UInt64) -> RecordWatch {
    var watch = settled(watch, now: now)
    watch.arrivals = Array(
      (watch.arrivals + Array(repeating: now, count: min(count, mostRemembered))).suffix(mostRemembered))
    return watch
  }

  /// Lets everything pass for an hour: the operator has looked.
  public static func release(_ watch: RecordWatch, now: UInt64) -> RecordWatch {
    var watch = watch
    if planted(.releaseForgotten) { return watch }
    watch.heldAt = nil
    watch.passesUntil = now + passage
    return watch
  }

  /// Whether what is held counts from now on, because nobody has answered for a day.
  public static func isOver(_ watch: RecordWatch, now: UInt64) -> Bool {
    watch.heldAt != nil && settled(watch, now: now).heldAt == nil
  }

  /// What to show a person.
  public static func problem(_ watch: RecordWatch, of coalition: CoalitionID) -> Problem {
    Problem(
      code,
      "it publishes more than four member records within a day: what comes after is held until you have looked, at most "
        + "a day",
      object: "records of \(coalition) up to \(watch.heldNumber)",
      next: "ask its operator; if it is meant: vaka hold release \(coalition)")
  }

  /// A clock that was put back must not make a delay of a day one of weeks, nor an hour's passage one of days.
  private static func settled(_ watch: RecordWatch, now: UInt64) -> RecordWatch {
    var watch = watch
    watch.arrivals.removeAll { $0 > now }
    watch.wholeAt = watch.wholeAt.map { min($0, now) }
    if watch.passesUntil > now + passage { watch.passesUntil = 0 }
    if let held = watch.heldAt {
      if now < held { watch.heldAt = now }
      if now >= held + day { watch = release(watch, now: now) }
    }
    return watch
  }
}
