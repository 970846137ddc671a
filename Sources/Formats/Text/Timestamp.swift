/// The UTC day of a moment that a document names (RFC 3339; STIX 2.1, section 2.16), without a calendar of the system's.
struct Timestamp {
  /// Since 1970-01-01.
  let day: Int
  /// Whether it is the first moment of its day.
  let isMidnight: Bool

  /// Nil for a text that is none, or for a day before 1970 or after 9999. A date alone is its first moment.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func digits(_ count: Int) -> Int? {
      guard rest.count >= count else { return nil }
      let part = rest.prefix(count)
      guard part.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
      rest = rest.dropFirst(count)
      return part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    func sign(_ signs: String) -> UInt8? {
      guard let first = rest.first, signs.utf8.contains(first) else { return nil }
      rest = rest.dropFirst()
      return first
    }
    guard let year = digits(4), sign("-") != nil, let month = digits(2), sign("-") != nil, let date = digits(2),
      let start = Self.day(year: year, month: month, date: date)
    else { return nil }
    guard !rest.isEmpty else {
      (day, isMidnight) = (start, true)
      return
    }
    guard sign("Tt ") != nil, let hour = digits(2), sign(":") != nil, let minute = digits(2), sign(":") != nil,
      let second = digits(2), hour < 24, minute < 60, second <= 60
    else { return nil }
    var isWhole = true
    if sign(".") != nil {
      let fraction = rest.prefix { 0x30...0x39 ~= $0 }
      guard !fraction.isEmpty else { return nil }
      isWhole = fraction.allSatisfy { $0 == 0x30 }
      rest = rest.dropFirst(fraction.count)
    }
    var offset = 0
    if let ahead = sign("+-") {
      guard let hours = digits(2), sign(":") != nil, let minutes = digits(2), hours < 24, minutes < 60 else {
        return nil
      }
      offset = (hours * 60 + minutes) * (ahead == UInt8(ascii: "+") ? 1 : -1)
    } else if sign("Zz") == nil {
      return nil
    }
    guard rest.isEmpty else { return nil }
    let minutes = start * 1_440 + hour * 60 + minute - offset
    guard minutes >= 0 else { return nil }
    day = minutes / 1_440
    isMidnight = minutes % 1_440 == 0 && second == 0 && isWhole
  }

  /// The last whole day before a moment at which something ends.
  var lastDayBefore: Int { isMidnight ? max(day - 1, 0) : day }

  /// Such as 2027-05-31 (ISO 8601).
  static func text(day: Int) -> String {
    // Howard Hinnant's civil_from_days.
    let shifted = min(max(day, 0), 2_932_896) + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))"
  }

  /// Such as 2027-05-31T12:00:00.000Z (STIX 2.1, section 2.16).
  static func text(milliseconds: UInt64) -> String {
    let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    let (seconds, thousandths) = (Int(rest / 1_000), Int(rest % 1_000))
    let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(text(day: Int(clamping: days)))T\(time).\(padded(thousandths, 3))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Howard Hinnant's days_from_civil, for years that a document can name.
  private static func day(year: Int, month: Int, date: Int) -> Int? {
    guard (1970...9999).contains(year), (1...12).contains(month) else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...lengths[month - 1]).contains(date) else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + date - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
