public import Alliance
public import Foundation
internal import Keys
internal import Store

/// When a certificate or its authority is worth a word: from 30 days before, louder from 7.
public enum CertificateWarning {
  public static let soonDays = 30
  public static let urgentDays = 7
  /// A new authority is published, and known to everyone, before it is used: that takes people some weeks.
  public static let authoritySoonDays = 90

  /// Whole days from now until then, rounded down: below zero it is over.
  public static func days(until end: Date, now: Date) -> Int {
    let days = (end.timeIntervalSince(now) / 86_400).rounded(.down)
    return Int(max(-36_500, min(36_500, days)))
  }

  /// What a node's operator has to do about its certificate or its authority; nil if nothing.
  /// - Parameters:
  ///   - days: what is left of the certificate.
  ///   - mustBeBrought: its authority's key is not here.
  static func text(
    for home: NodeHome, in membership: Membership, days: Int?, mustBeBrought: Bool, now: Date
  ) -> String? {
    let authorityDays = authorityEnd(of: membership.record(of: home.coalition)).map { Self.days(until: $0, now: now) }
    // It comes first: what it would issue now is worth nothing.
    if let authorityDays, authorityDays < 0 {
      return "NOW: our certificate authority ended \(ago(authorityDays)): vaka cert authority publish"
    }
    if let days, days < (mustBeBrought ? soonDays : StatusReport.soonDays) {
      let ends =
        days < 0
        ? "NOW: our certificate ended \(ago(days))"
        : "\(days < urgentDays ? "NOW: " : "")our certificate ends in \(days) days"
      if DurableFile.exists(home.folder.nextAuthority) { return "\(ends): vaka cert authority use" }
      return mustBeBrought
        ? "\(ends), and its authority's key is not here: vaka cert request"
        : "\(ends) and has not renewed itself: vaka cert renew"
    }
    if let authorityDays, authorityDays < authoritySoonDays {
      return "\(authorityDays < soonDays ? "NOW: " : "")our certificate authority ends in \(authorityDays) days: "
        + "vaka cert authority publish"
    }
    return nil
  }

  private static func ago(_ days: Int) -> String {
    switch -days {
    case ...1: "within the last day"
    case let days: "\(days) days ago"
    }
  }

  /// When the last of a record's authorities ends.
  public static func authorityEnd(of record: MemberRecord?) -> Date? {
    record?.authorities.compactMap { try? AuthorityCertificate(der: $0).notAfter }.max()
  }
}
