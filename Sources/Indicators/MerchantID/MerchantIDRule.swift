/// `merchant-id`: a card acceptor, written `ACQUIRER|ACCEPTOR`.
///
/// The acquirer is its institution number (ISO 8583, data element 32, 1 to 11 digits); the acceptor is the card
/// acceptor's identification (data element 42, up to 15 printable characters), which is unique only within one
/// acquirer. `|` is the only separator.
///
/// Systems pad the same acceptor differently, so its leading zeros and surrounding spaces go, and letters become upper
/// case. The price is known: `0123` and `123` at one acquirer become one merchant.
enum MerchantIDRule: IndicatorRule {
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

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let parts = try BoundedText(text).bytes.split(separator: separator, omittingEmptySubsequences: false)
    guard let acquirer = parts.first, let acceptor = parts.last, parts.count == 2 else {
      throw IndicatorRejection(
        .separator, "A merchant id is written ACQUIRER|ACCEPTOR, with exactly one '|' between the two.")
    }
    let value = try Self.acquirer(ASCII.trimmed(acquirer)) + [separator] + Self.acceptor(ASCII.trimmed(acceptor))
    return ("", String(decoding: value, as: UTF8.self))
  }

  private static func acquirer(_ digits: ArraySlice<UInt8>) throws(IndicatorRejection) -> ArraySlice<UInt8> {
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
    let significant = digits.drop { $0 == zero }
    guard !significant.isEmpty else {
      throw IndicatorRejection(.allZero, "The acquirer is only zeros, which names no institution.")
    }
    return significant
  }

  private static func acceptor(_ characters: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
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
    let significant = characters.drop { $0 == zero || $0 == space }
    guard !significant.isEmpty else {
      throw IndicatorRejection(.allZero, "The acceptor is only zeros, which is a filler and names no merchant.")
    }
    return significant.map(ASCII.upperCased)
  }
}
