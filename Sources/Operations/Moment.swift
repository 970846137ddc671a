internal import Foundation

/// Milliseconds since 1970 as people read them: RFC 3339 in UTC, to the second.
enum Moment {
  static func text(_ milliseconds: UInt64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(.iso8601)
  }
}
