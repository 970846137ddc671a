internal import Alliance
internal import Foundation
internal import Wire

/// A last day of a roster or of a record is soft: everything goes on past it, and everyone is told, from half of its time on the
/// roster, which takes people a meeting to renew, from 30 days before a record.
enum OldAge {
  /// Nil while there is nothing to say.
  static func text(of roster: Roster, now: UInt64) -> String? {
    guard roster.expires > 0 else { return nil }
    let today = Day.of(milliseconds: now)
    let name = "roster \(roster.number)"
    guard today <= roster.expires else { return past(name, roster.expires) }
    let issued = Day.of(milliseconds: roster.issuedAt)
    guard roster.expires > issued else { return nil }
    let (life, age) = (UInt64(roster.expires - issued), UInt64(today - min(today, issued)))
    // Half, three quarters, nine tenths.
    let share = [(9, 10, "nine tenths"), (3, 4, "three quarters"), (1, 2, "half")].first { age * $0.1 >= life * $0.0 }
    return share.map { "\(name) holds until \(Day.text(roster.expires)), and \($0.2) of its time is over" }
  }

  static func text(of record: MemberRecord, now: UInt64) -> String? {
    guard record.expires > 0 else { return nil }
    let today = Day.of(milliseconds: now)
    let name = "record \(record.number) of \(record.coalition)"
    guard today <= record.expires else { return past(name, record.expires) }
    let left = record.expires - today
    return left < UInt32(CertificateWarning.soonDays) ? "\(name) holds for \(left) more days" : nil
  }

  private static func past(_ name: String, _ day: UInt32) -> String {
    "\(name) is past its last day, \(Day.text(day)); everything goes on"
  }
}
