/// `merchant-descriptor`: the words by which a merchant appears on a card statement (ISO 8583, data element 43, the
/// name), such as `SHOP.EXAMPLE` or `PAYFAC*SHOP`.
///
/// The canonical form is 3 to 25 printable ASCII characters in upper case, runs of white space as one space, Latin
/// letters without their accents (see `LatinLetters`), and no space around the `*` that divides a payment facilitator's
/// prefix from its merchant's name. City and country, which follow in some files, are the sender's to leave out.
enum MerchantDescriptorRule: ByteRule {
  static let type = IndicatorType.merchantDescriptor
  static let normaliser: UInt8 = 1
  static let source = "ISO 8583, data element 43"
  static let form = "the name as on the statement, such as SHOP.EXAMPLE or FACILITATOR*SHOP"

  /// Nearly every short text is one.
  static let isGuessed = false

  private static let lengths = 3...25
  private static let space = UInt8(ascii: " ")
  private static let star = UInt8(ascii: "*")

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 8, "names of merchants on statements")
  }

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try BoundedText.range(of: text)
    var index = range.lowerBound
    while index < range.upperBound {
      if let byte = printable(text[index]) {
        append(byte, to: &form)
        index += 1
        continue
      }
      let (scalar, width) = ScalarReading.scalar(in: text, at: index)
      guard let letters = LatinLetters.upperCase(scalar) else {
        throw IndicatorRejection(
          .characters, "It has a character that is neither printable ASCII nor a Latin letter (ISO 8583, element 43).")
      }
      for byte in letters { append(byte, to: &form) }
      index += width
    }
    if form.value({ $0.last }) == space { form.removeLast() }
    guard let first = form.value({ $0.first }), let last = form.value({ $0.last }) else {
      throw IndicatorRejection(.empty, "There is no name.")
    }
    guard first != star, last != star else {
      throw IndicatorRejection(
        .empty, "Nothing stands on one side of the '*'; the facilitator's prefix alone names no merchant.")
    }
    guard lengths ~= form.count else {
      throw IndicatorRejection(
        .length, "A name on a statement has 3 to 25 characters, this one \(form.count) (ISO 8583, element 43).")
    }
    guard form.value({ $0.contains(where: ASCII.isAlphanumeric) }),
      form.value({ name in name.contains { !ASCII.isDigit($0) && $0 != space } })
    else {
      throw IndicatorRejection(.structure, "Digits or signs alone are an order number or a filler, not a name.")
    }
  }

  /// As `LatinLetters` has it, without asking for the characters that nearly all names consist of.
  private static func printable(_ byte: UInt8) -> UInt8? { 0x20...0x7E ~= byte ? ASCII.upperCased(byte) : nil }

  /// Appends with one space for a run of them, and none at the beginning or around a star.
  private static func append(_ byte: UInt8, to form: inout CanonicalForm) {
    if byte == space {
      guard let last = form.value({ $0.last }), last != space, last != star else { return }
    } else if byte == star, form.value({ $0.last }) == space {
      form.removeLast()
    }
    form.append(byte)
  }
}
