/// `legal-entity`: a legal entity identifier, LEI (ISO 17442-1), the worldwide number of a company.
///
/// The canonical form is its 20 characters in upper case. White space, U+200B, U+FEFF and `-` are dropped.
enum LegalEntityRule: IndicatorRule {
  static let type = IndicatorType.legalEntity
  static let normaliser: UInt8 = 1
  static let source = "ISO 17442-1, ISO 7064 mod 97-10"
  static let form = "18 letters or digits and two check digits"

  private static let length = 20

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 6, "entities, all of them on the public list of the GLEIF")
  }

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    var number: [UInt8] = []
    for scalar in try BoundedText(text).text.unicodeScalars where !isSeparator(scalar) {
      guard scalar.isASCII, let byte = UInt8(exactly: scalar.value), ASCII.isAlphanumeric(byte) else {
        throw IndicatorRejection(.characters, "An LEI has only the letters A to Z and digits (ISO 17442-1).")
      }
      number.append(ASCII.upperCased(byte))
    }
    guard !number.isEmpty else { throw IndicatorRejection(.empty, "There is no number.") }
    guard number.count == length else {
      throw IndicatorRejection(
        .length, "An LEI has \(length) characters, this one \(number.count) (ISO 17442-1).")
    }
    try check(number)
    return ("", String(decoding: number, as: UTF8.self))
  }

  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "-" || scalar == "\u{200B}" || scalar == "\u{FEFF}" || scalar.properties.isWhitespace
  }

  /// The check digits by ISO 7064 mod 97-10, with letters counting from A = 10.
  ///
  /// They are computed as 98 minus a remainder, so they lie in 02 to 98. The pairs 00, 01 and 99 leave the same
  /// remainder as 97, 98 and 02 and would give one entity two spellings.
  private static func check(_ number: [UInt8]) throws(IndicatorRejection) {
    let checkDigits = number.suffix(2)
    guard checkDigits.allSatisfy(ASCII.isDigit) else {
      throw IndicatorRejection(.structure, "The last two characters of an LEI are its check digits (ISO 17442-1).")
    }
    let remainder = number.reduce(0) { remainder, byte in
      ASCII.isDigit(byte)
        ? (remainder * 10 + Int(byte - UInt8(ascii: "0"))) % 97
        : (remainder * 100 + Int(byte - UInt8(ascii: "A")) + 10) % 97
    }
    guard remainder == 1 else {
      throw IndicatorRejection(
        .checkDigits, "The check digits do not fit the rest: ISO 7064 mod 97-10 must leave 1 (ISO 17442-1).")
    }
    guard !["00", "01", "99"].contains(String(decoding: checkDigits, as: UTF8.self)) else {
      throw IndicatorRejection(.checkDigits, "Check digits of an LEI lie in 02 to 98 (ISO 17442-1, mod 97-10).")
    }
  }
}
