/// `iban`: an international bank account number (ISO 13616-1).
///
/// The canonical form is upper case without separators. White space, U+200B, U+FEFF, `-` and `.` are dropped wherever
/// they stand, and so is a leading word `IBAN`.
enum IBANRule: ByteRule {
  static let type = IndicatorType.iban
  static let normaliser: UInt8 = 1
  static let source = "ISO 13616 (SWIFT's IBAN registry), ISO 7064 mod 97-10"
  static let form = "two letters of the country, two check digits, the national account number"

  static func space(scheme: String, value: String) -> SearchSpace {
    // A country has few banks, so their part of the number hardly counts.
    SearchSpace(order: min(14, max(10, value.utf8.count - 8)), "account numbers of the banks of one country")
  }

  private static let word = Array("IBAN".utf8)

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    try compact(text, to: &form)
    guard let country = form.value({ IBANCountry($0) }) else {
      throw IndicatorRejection(.structure, "An IBAN begins with two letters for the country (ISO 13616-1).")
    }
    guard let format = IBANRegistry.format(of: country) else {
      throw IndicatorRejection(
        .unsupportedCountry, "The country has no entry in the IBAN registry (SWIFT, release 103).")
    }
    guard form.count == 4 + format.length else {
      throw IndicatorRejection(
        .length, "An IBAN of \(country) has \(4 + format.length) characters, this one \(form.count) (IBAN registry).")
    }
    guard form.value({ ASCII.isDigit($0[2]) && ASCII.isDigit($0[3]) && format.matches($0, from: 4) }) else {
      throw IndicatorRejection(
        .structure, "Digits and letters do not stand where an IBAN of \(country) has them (IBAN registry).")
    }
    guard form.value({ CheckDigits.mod97($0, from: 4) }) == 1 else {
      throw IndicatorRejection(
        .checkDigits, "The check digits do not fit the rest: ISO 7064 mod 97-10 must leave 1 (ISO 13616-1).")
    }
    // The others would give one account two spellings.
    guard form.value({ CheckDigits.isComputed($0[2], $0[3]) }) else {
      throw IndicatorRejection(.checkDigits, "Check digits of an IBAN lie in 02 to 98 (ISO 13616-1, mod 97-10).")
    }
  }

  private static func compact(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    try Compacted.upperCase(text, to: &form, else: "An IBAN has only the letters A to Z and digits (ISO 13616-1).")
    // No country is called "IB", so the word cannot be the beginning of a number.
    if form.value({ $0.starts(with: word) }) { form.remove(word.indices) }
    guard form.count > 0 else { throw IndicatorRejection(.empty, "There is no number.") }
  }
}
