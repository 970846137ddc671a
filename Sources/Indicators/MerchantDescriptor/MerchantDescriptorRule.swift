/// `merchant-descriptor`: how a merchant's name stands on card statements (ISO 8583, data element 43).
///
/// Weak evidence: it is cut at 22 or 25 characters, may hold an order number, and many shops may bear one name. The canonical form is
/// upper case with single spaces, without spaces around the `*` after a payment facilitator's prefix. City and country, which the
/// network appends, must not be given.
enum MerchantDescriptorRule: IndicatorRule {
  static let type = IndicatorType.merchantDescriptor
  static let normaliser: UInt8 = 1
  static let source = "ISO 8583, data element 43"
  static let form = "the name as on the card statement, 3 to 25 characters, without city and country"
  static let isGuessed = false

  private static let lengths = 3...25
  private static let printable = UInt8(ascii: " ")...UInt8(ascii: "~")
  private static let space = UInt8(ascii: " ")
  private static let star = UInt8(ascii: "*")

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let bytes = try BoundedText(text).bytes
    guard bytes.allSatisfy({ printable ~= $0 || $0 == UInt8(ascii: "\t") }) else {
      throw IndicatorRejection(
        .characters, "A descriptor has only printable ASCII characters, as card networks send it (ISO 8583).")
    }
    let words = bytes.map { $0 == UInt8(ascii: "\t") ? space : ASCII.upperCased($0) }.split(separator: space)
    var value: [UInt8] = []
    for word in words {
      if !value.isEmpty, value.last != star, word.first != star { value.append(space) }
      value += word
    }
    guard lengths.contains(value.count) else {
      throw IndicatorRejection(
        .length, "A descriptor has 3 to 25 characters, this one \(value.count) (ISO 8583, data element 43).")
    }
    guard value.contains(where: ASCII.isUpperCase) else {
      throw IndicatorRejection(.structure, "A descriptor without a letter is a number, not a name.")
    }
    guard value.last != star, value.first != star else {
      throw IndicatorRejection(
        .structure,
        "A descriptor has a name on both sides of '*'; the facilitator's prefix alone names thousands of shops.")
    }
    return ("", String(decoding: value, as: UTF8.self))
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 8, "names that card statements show")
  }
}
