internal import Foundation

/// Times and how long ago they were, as people read them.
public enum Moment {
  /// RFC 3339 in UTC, to the second.
  /// - Parameter milliseconds: since 1970.
  static func text(_ milliseconds: UInt64) -> String { date(milliseconds).formatted(.iso8601) }

  static func date(_ milliseconds: UInt64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1_000) }

  static func milliseconds(_ date: Date = Date()) -> UInt64 { UInt64(max(0, date.timeIntervalSince1970) * 1_000) }

  /// Such as `40 s`, `5 min`, `3 h` or `12 d`, rounded down.
  public static func span(seconds: UInt64) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7_200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) d"
    }
  }
}
