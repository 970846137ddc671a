import ArgumentParser

/// A number of days as people write it: `30d`, or `30`.
struct DayCount: ExpressibleByArgument, Sendable {
  let days: Int

  init?(argument: String) {
    guard let days = Int(argument.hasSuffix("d") ? argument.dropLast() : argument[...]), (0...36_525).contains(days)
    else {
      return nil
    }
    self.days = days
  }

  /// Milliseconds since 1970, so many days before a moment.
  func before(_ now: UInt64) -> UInt64 { now - min(now, UInt64(days) * 86_400_000) }
}
