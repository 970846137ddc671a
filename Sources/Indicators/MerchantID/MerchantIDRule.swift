/// `merchant-id`: a card acceptor, written `ACQUIRER|ACCEPTOR`.
///
/// The acquirer is its institution number (ISO 8583, data element 32, 1 to 11 digits); the acceptor is the card
/// acceptor's identification (data element 42, up to 15 printable characters), which is unique only within one
/// acquirer. `|` is the only separator.
///
/// Systems pad the same acceptor differently, so its leading zeros and surrounding spaces go, and letters become upper
/// case. The price is known: `0123` and `123` at one acquirer become one merchant.
enum MerchantIDRule: ByteRule {
  static let type = IndicatorType.merchantID
  static let normaliser: UInt8 = 1
  static let source = "ISO 8583, data elements 32 and 42"
  static let form = "ACQUIRER|ACCEPTOR"

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 11, "10,000 acquirers with ten million merchants each")
  }

  private static let acquirerLimit = 11
  private static let acceptorLimit = 15
  private static let separator = UInt8(ascii: "|")
  private static let space = UInt8(ascii: " ")
  private static let zero = UInt8(ascii: "0")

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try BoundedText.range(of: text)
    let bytes = text.extracting(range)
    guard let bar = bytes.firstIndex(of: separator), !bytes.extracting(bar + 1..<bytes.count).contains(separator) else {
      throw IndicatorRejection(
        .separator, "A merchant id is written ACQUIRER|ACCEPTOR, with exactly one '|' between the two.")
    }
    let acquirer = bytes.extracting(0..<bar)
    try self.acquirer(acquirer.extracting(acquirer.withoutSpaces), to: &form)
    form.append(separator)
    let acceptor = bytes.extracting(bar + 1..<bytes.count)
    try self.acceptor(acceptor.extracting(acceptor.withoutSpaces), to: &form)
  }

  private static func acquirer(
    _ digits: Span<UInt8>, to form: inout CanonicalForm
  ) throws(IndicatorRejection) {
    guard !digits.isEmpty else {
      throw IndicatorRejection(.empty, "The acquirer, before the '|', is missing (ISO 8583, data element 32).")
    }
    guard digits.allSatisfy(ASCII.isDigit) else {
      throw IndicatorRejection(.characters, "The acquirer must be digits only (ISO 8583, data element 32).")
    }
    guard digits.count <= acquirerLimit else {
      throw IndicatorRejection(
        .length, "The acquirer has more than \(acquirerLimit) digits (ISO 8583, data element 32).")
    }
    var start = 0
    while start < digits.count, digits[start] == zero { start += 1 }
    guard start < digits.count else {
      throw IndicatorRejection(.allZero, "The acquirer is only zeros, which names no institution.")
    }
    form.append(digits.extracting(start..<digits.count))
  }

  private static func acceptor(
    _ characters: Span<UInt8>, to form: inout CanonicalForm
  ) throws(IndicatorRejection) {
    guard !characters.isEmpty else {
      throw IndicatorRejection(.empty, "The acceptor, after the '|', is missing (ISO 8583, data element 42).")
    }
    guard characters.allSatisfy({ space...UInt8(ascii: "~") ~= $0 }) else {
      throw IndicatorRejection(
        .characters, "The acceptor must be printable ASCII characters (ISO 8583, data element 42).")
    }
    guard characters.count <= acceptorLimit else {
      throw IndicatorRejection(
        .length, "The acceptor has more than \(acceptorLimit) characters (ISO 8583, data element 42).")
    }
    // A space after a zero would become a leading space, so both go together.
    var start = 0
    while start < characters.count, characters[start] == zero || characters[start] == space { start += 1 }
    guard start < characters.count else {
      throw IndicatorRejection(.allZero, "The acceptor is only zeros, which is a filler and names no merchant.")
    }
    for index in start..<characters.count { form.append(ASCII.upperCased(characters[index])) }
  }
}
