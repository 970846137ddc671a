internal import Synchronization

/// The guards of this moment for somebody who asks again and again: read anew every two seconds at most, because reading them takes
/// longer than a look-up.
final class CurrentGuards: Sendable {
  /// In milliseconds.
  private static let age: UInt64 = 2_000

  private let home: NodeHome
  private let last = Mutex<(guards: Guards, readAt: UInt64)?>(nil)

  init(_ home: NodeHome) { self.home = home }

  /// - Parameter now: milliseconds since 1970.
  func value(at now: UInt64) throws -> Guards {
    try last.withLock { last in
      if let last, last.readAt <= now, now - last.readAt <= Self.age { return last.guards }
      let guards = try Guards(home, today: Day.of(milliseconds: now))
      last = (guards, now)
      return guards
    }
  }
}
