internal import Foundation
public import Wire

/// UTC days since 1970, as statements count time, and their text, such as 2027-05-31 (ISO 8601).
public enum Day {
  public static func of(milliseconds: UInt64) -> UInt32 { UInt32(clamping: milliseconds / 86_400_000) }

  public static func text(_ day: UInt32) -> String {
    Date(timeIntervalSince1970: Double(day) * 86_400).formatted(.iso8601.year().month().day())
  }

  /// - Throws: `Problem` `bad-day`.
  public static func parse(_ text: String) throws(Problem) -> UInt32 {
    guard text.utf8.count == 10, let date = try? Date(text, strategy: .iso8601.year().month().day()),
      date.timeIntervalSince1970 >= 0
    else { throw Problem("bad-day", "a day is written as 2027-05-31", object: text) }
    return UInt32(clamping: Int(date.timeIntervalSince1970) / 86_400)
  }
}
