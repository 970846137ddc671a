/// `legal-entity`: a legal entity identifier, LEI (ISO 17442-1).
///
/// The canonical form is its 20 letters and digits in upper case, without separators.
enum LegalEntityRule: IndicatorRule {
  static let type = IndicatorType.legalEntity
  static let normaliser: UInt8 = 1
  static let source = "ISO 17442-1, ISO 7064 mod 97-10"
  static let form = "18 letters and digits and two check digits"

  private static let length = 20

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let characters = try Compacted.upperCase(text, else: "An LEI has only the letters A to Z and digits (ISO 17442-1).")
    guard characters.count == length else {
      throw IndicatorRejection(.length, "An LEI has \(length) characters, this text \(characters.count) (ISO 17442-1).")
    }
    let check = characters.suffix(2)
    guard check.allSatisfy(ASCII.isDigit) else {
      throw IndicatorRejection(.structure, "An LEI ends in two check digits (ISO 17442-1).")
    }
    guard CheckDigits.mod97(characters) == 1 else {
      throw IndicatorRejection(
        .checkDigits, "The check digits do not fit the rest: ISO 7064 mod 97-10 must leave 1 (ISO 17442-1).")
    }
    guard !["00", "01", "99"].contains(String(decoding: check, as: UTF8.self)) else {
      throw IndicatorRejection(.checkDigits, "Check digits of an LEI lie in 02 to 98 (ISO 17442-1, mod 97-10).")
    }
    return ("", String(decoding: characters, as: UTF8.self))
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 7, "identifiers that were issued, all of them in a public register")
  }
}
