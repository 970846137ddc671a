public import Alliance
public import Foundation
internal import Keys

/// When a certificate or its authority is worth a word: from 30 days before, louder from 7.
public enum CertificateWarning {
  public static let soonDays = 30
  public static let urgentDays = 7
  /// A new authority is published, and known to everyone, before it is used: that takes people some weeks.
  public static let authoritySoonDays = 90

  static func text(days: Int?, mustBeBrought: Bool, authorityDays: Int?) -> String? {
    if let days, days < (mustBeBrought ? soonDays : StatusReport.soonDays) {
      let urgency = days < urgentDays ? "NOW: " : ""
      return mustBeBrought
        ? "\(urgency)our certificate ends in \(days) days, and its authority's key is not here: vaka cert request"
        : "\(urgency)our certificate ends in \(days) days and has not renewed itself: see the log"
    }
    if let authorityDays, authorityDays < authoritySoonDays {
      return "\(authorityDays < soonDays ? "NOW: " : "")our certificate authority ends in \(authorityDays) days: "
        + "vaka cert authority publish"
    }
    return nil
  }

  /// Whole days until the last of a record's authorities ends.
  static func authorityDays(of record: MemberRecord?, now: UInt64) -> Int? {
    authorityEnd(of: record).map { Int($0.timeIntervalSince1970 / 86_400 - Double(now) / 86_400_000) }
  }

  /// When the last of a record's authorities ends.
  public static func authorityEnd(of record: MemberRecord?) -> Date? {
    record?.authorities.compactMap { try? AuthorityCertificate(der: $0).notAfter }.max()
  }
}
