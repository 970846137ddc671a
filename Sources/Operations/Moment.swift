internal import Foundation

/// Milliseconds since 1970 as people read them: RFC 3339 in UTC, to the second.
enum Moment {
  static func text(_ milliseconds: UInt64) -> String { date(milliseconds).formatted(.iso8601) }

  static func date(_ milliseconds: UInt64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1_000) }
}
