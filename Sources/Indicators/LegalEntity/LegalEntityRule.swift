/// `legal-entity`: a legal entity identifier, LEI (ISO 17442-1).
///
/// The canonical form is its 20 letters and digits in upper case, without separators.
enum LegalEntityRule: ByteRule {
  static let type = IndicatorType.legalEntity
  static let normaliser: UInt8 = 1
  static let source = "ISO 17442-1, ISO 7064 mod 97-10"
  static let form = "18 letters and digits and two check digits"

  private static let length = 20

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    try Compacted.upperCase(text, to: &form, else: "An LEI has only the letters A to Z and digits (ISO 17442-1).")
    guard form.count == length else {
      throw IndicatorRejection(.length, "An LEI has \(length) characters, this text \(form.count) (ISO 17442-1).")
    }
    guard form.value({ $0.extracting(length - 2..<length).allSatisfy(ASCII.isDigit) }) else {
      throw IndicatorRejection(.structure, "An LEI ends in two check digits (ISO 17442-1).")
    }
    guard form.value({ CheckDigits.mod97($0) }) == 1 else {
      throw IndicatorRejection(
        .checkDigits, "The check digits do not fit the rest: ISO 7064 mod 97-10 must leave 1 (ISO 17442-1).")
    }
    guard form.value({ CheckDigits.isComputed($0[length - 2], $0[length - 1]) }) else {
      throw IndicatorRejection(.checkDigits, "Check digits of an LEI lie in 02 to 98 (ISO 17442-1, mod 97-10).")
    }
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 7, "identifiers that were issued, all of them in a public register")
  }
}
