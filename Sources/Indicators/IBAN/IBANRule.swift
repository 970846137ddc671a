/// `iban`: an international bank account number (ISO 13616-1).
///
/// The canonical form is upper case without separators. White space, U+200B, U+FEFF, `-` and `.` are dropped wherever
/// they stand, and so is a leading word `IBAN`.
enum IBANRule: IndicatorRule {
  static let type = IndicatorType.iban
  static let normaliser: UInt8 = 1
  static let source = "ISO 13616 (SWIFT's IBAN registry), ISO 7064 mod 97-10"
  static let form = "two letters of the country, two check digits, the national account number"

  static func space(scheme: String, value: String) -> SearchSpace {
    // A country has few banks, so their part of the number hardly counts.
    SearchSpace(order: min(14, max(10, value.utf8.count - 8)), "account numbers of the banks of one country")
  }

  private static let word = Array("IBAN".utf8)

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let number = try compact(text)
    guard let country = IBANCountry(number.prefix(2)) else {
      throw IndicatorRejection(.structure, "An IBAN begins with two letters for the country (ISO 13616-1).")
    }
    guard let format = IBANRegistry.formats[country] else {
      throw IndicatorRejection(
        .unsupportedCountry, "The country has no entry in the IBAN registry (SWIFT, release 103).")
    }
    guard number.count == 4 + format.length else {
      throw IndicatorRejection(
        .length, "An IBAN of \(country) has \(4 + format.length) characters, this one \(number.count) (IBAN registry).")
    }
    let checkDigits = number[2..<4]
    guard checkDigits.allSatisfy(ASCII.isDigit), format.matches(number.dropFirst(4)) else {
      throw IndicatorRejection(
        .structure, "Digits and letters do not stand where an IBAN of \(country) has them (IBAN registry).")
    }
    try check(number)
    return ("", String(decoding: number, as: UTF8.self))
  }

  private static func compact(_ text: String) throws(IndicatorRejection) -> [UInt8] {
    var number = try Compacted.upperCase(
      text, else: "An IBAN has only the letters A to Z and digits (ISO 13616-1).")
    // No country is called "IB", so the word cannot be the beginning of a number.
    if number.starts(with: word) { number.removeFirst(word.count) }
    guard !number.isEmpty else { throw IndicatorRejection(.empty, "There is no number.") }
    return number
  }

  /// The check digits by ISO 7064 mod 97-10, with letters counting from A = 10.
  ///
  /// They are computed as 98 minus a remainder, so they lie in 02 to 98. The pairs 00, 01 and 99 leave the same
  /// remainder as 97, 98 and 02 and would give one account two spellings.
  private static func check(_ number: [UInt8]) throws(IndicatorRejection) {
    let checkDigits = String(decoding: number[2..<4], as: UTF8.self)
    guard CheckDigits.mod97(number[4...] + number[..<4]) == 1 else {
      throw IndicatorRejection(
        .checkDigits, "The check digits do not fit the rest: ISO 7064 mod 97-10 must leave 1 (ISO 13616-1).")
    }
    guard !["00", "01", "99"].contains(checkDigits) else {
      throw IndicatorRejection(.checkDigits, "Check digits of an IBAN lie in 02 to 98 (ISO 13616-1, mod 97-10).")
    }
  }
}
