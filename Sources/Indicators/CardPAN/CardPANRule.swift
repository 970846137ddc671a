/// `card-pan`: the primary account number of a payment card that receives money (ISO/IEC 7812-1).
///
/// The canonical form is its 12 to 19 digits, leading zeros included, without the separators between groups. What stands on
/// the card is not always what is paid to: a token of a device has another number.
enum CardPANRule: ByteRule {
  static let type = IndicatorType.cardPan
  static let normaliser: UInt8 = 1
  static let source = "ISO/IEC 7812-1"
  static let form = "12 to 19 digits"

  private static let lengths = 12...19

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    try Compacted.digits(text, to: &form, else: "A card number has only digits (ISO/IEC 7812-1).")
    guard lengths.contains(form.count) else {
      throw IndicatorRejection(.length, "A card number has 12 to 19 digits, this one \(form.count) (ISO/IEC 7812-1).")
    }
    guard form.value({ digits in digits.contains { $0 != digits[0] } }) else {
      throw IndicatorRejection(.allZero, "One digit repeated is a filler, not a card number.")
    }
    // 0 is for ISO/TC 68 and other industries, of which none issues payment cards.
    guard form.value({ $0.first }) != UInt8(ascii: "0") else {
      throw IndicatorRejection(
        .structure, "A card number does not begin with 0, which no issuer of payment cards has (ISO/IEC 7812-1).")
    }
    guard form.value({ CheckDigits.isLuhn($0) }) else {
      throw IndicatorRejection(.checkDigits, "The last digit does not fit the others: Luhn formula (ISO/IEC 7812-1).")
    }
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(
      order: max(3, value.utf8.count - 9),
      "cards of one issuer, whose first eight digits are often known beside the hash")
  }
}
