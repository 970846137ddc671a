/// `merchant-descriptor`: the words by which a merchant appears on a card statement (ISO 8583, data element 43, the
/// name), such as `SHOP.EXAMPLE` or `PAYFAC*SHOP`.
///
/// The canonical form is 3 to 25 printable ASCII characters in upper case, runs of white space as one space, Latin
/// letters without their accents (see `LatinLetters`), and no space around the `*` that divides a payment facilitator's
/// prefix from its merchant's name. City and country, which follow in some files, are the sender's to leave out.
enum MerchantDescriptorRule: IndicatorRule {
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

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    var name: [UInt8] = []
    for scalar in try BoundedText(text).text.unicodeScalars {
      guard let letters = LatinLetters.upperCase(scalar) else {
        throw IndicatorRejection(
          .characters, "It has a character that is neither printable ASCII nor a Latin letter (ISO 8583, element 43).")
      }
      for byte in letters { append(byte, to: &name) }
    }
    if name.last == space { name.removeLast() }
    guard let first = name.first, let last = name.last else {
      throw IndicatorRejection(.empty, "There is no name.")
    }
    guard first != star, last != star else {
      throw IndicatorRejection(
        .empty, "Nothing stands on one side of the '*'; the facilitator's prefix alone names no merchant.")
    }
    guard lengths ~= name.count else {
      throw IndicatorRejection(
        .length, "A name on a statement has 3 to 25 characters, this one \(name.count) (ISO 8583, element 43).")
    }
    guard name.contains(where: ASCII.isAlphanumeric), !name.allSatisfy({ ASCII.isDigit($0) || $0 == space }) else {
      throw IndicatorRejection(.structure, "Digits or signs alone are an order number or a filler, not a name.")
    }
    return ("", String(decoding: name, as: UTF8.self))
  }

  /// Appends with one space for a run of them, and none at the beginning or around a star.
  private static func append(_ byte: UInt8, to name: inout [UInt8]) {
    if byte == space {
      guard let last = name.last, last != space, last != star else { return }
    } else if byte == star, name.last == space {
      name.removeLast()
    }
    name.append(byte)
  }
}
