/// `card-pan`: the primary account number of a payment card.
///
/// The canonical form is its 12 to 19 digits. White space, U+200B, U+FEFF and hyphens between digits are dropped.
/// The last digit must be the check digit by Luhn's formula. Which issuer the first digits name is not asked: ranges
/// change faster than rules.
enum CardPANRule: IndicatorRule {
  static let type = IndicatorType.cardPan
  static let normaliser: UInt8 = 1
  static let source = "ISO/IEC 7812-1, with annex B (Luhn's formula)"
  static let form = "12 to 19 digits"

  private static let lengths = 12...19
  private static let zero = UInt8(ascii: "0")
  private static let hyphen = UInt8(ascii: "-")

  /// Eight digits name the issuer and the last is computed; who sees the issuer beside the digest tries the rest.
  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: max(3, value.utf8.count - 9), "card numbers of one issuer with eight known digits")
  }

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let digits = try digits(of: BoundedText(text))
    guard lengths ~= digits.count else {
      throw IndicatorRejection(.length, "A card number has 12 to 19 digits, this one \(digits.count) (ISO/IEC 7812-1).")
    }
    guard digits.contains(where: { $0 != zero }) else {
      throw IndicatorRejection(.allZero, "It is only zeros, which is a filler and no card.")
    }
    guard digits.first != zero else {
      throw IndicatorRejection(.structure, "No payment card begins with 0 (ISO/IEC 7812-1, major industry identifier).")
    }
    guard Set(digits).count > 1 else {
      throw IndicatorRejection(.structure, "One digit repeated is a filler and no card.")
    }
    guard fitsCheckDigit(digits) else {
      throw IndicatorRejection(
        .checkDigits, "The last digit does not fit the rest by Luhn's formula (ISO/IEC 7812-1, annex B).")
    }
    return ("", String(decoding: digits, as: UTF8.self))
  }

  private static func digits(of text: BoundedText) throws(IndicatorRejection) -> [UInt8] {
    var digits: [UInt8] = []
    var endsInHyphen = false
    for scalar in text.text.unicodeScalars where !isSpace(scalar) {
      guard scalar.isASCII, let byte = UInt8(exactly: scalar.value), ASCII.isDigit(byte) || byte == hyphen else {
        throw IndicatorRejection(
          .characters, "A card number has only digits, with spaces or hyphens between; a masked one cannot be listed.")
      }
      endsInHyphen = byte == hyphen
      // Before the first digit it would be the sign of a negative number.
      guard !endsInHyphen || !digits.isEmpty else { break }
      if !endsInHyphen { digits.append(byte) }
    }
    guard !endsInHyphen else {
      throw IndicatorRejection(.structure, "A hyphen stands only between the digits of a card number.")
    }
    guard !digits.isEmpty else { throw IndicatorRejection(.empty, "There is no number.") }
    return digits
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\u{200B}" || scalar == "\u{FEFF}" || scalar.properties.isWhitespace
  }

  /// From the right, every second digit counts double, and of a product of two digits both.
  private static func fitsCheckDigit(_ digits: [UInt8]) -> Bool {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let value = Int(digit - zero)
      let product = place.isMultiple(of: 2) ? value : value * 2
      sum += product > 9 ? product - 9 : product
    }
    return sum.isMultiple(of: 10)
  }
}
