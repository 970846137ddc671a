/// `swish-number`: the number of a merchant or organisation in Sweden's Swish: 123 and seven digits.
///
/// The canonical form is the ten digits. A private person's Swish number is a telephone number and a `phone-wallet`.
enum SwishNumberRule: ByteRule {
  static let type = IndicatorType.swishNumber
  static let normaliser: UInt8 = 1
  static let source = "Getswish, merchant integration guide"
  static let form = "123 and seven digits"

  private static let prefix = Array("123".utf8)
  private static let length = 10

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    try Compacted.digits(text, to: &form, else: "A Swish number has only digits.")
    guard form.value({ $0.starts(with: prefix) }) else {
      throw IndicatorRejection(
        .structure, "A merchant's Swish number begins with 123; a telephone number is a phone-wallet: swish|+46...")
    }
    guard form.count == length else {
      throw IndicatorRejection(.length, "A Swish number has \(length) digits, this one \(form.count).")
    }
    guard form.value({ $0.extracting(prefix.count..<length).contains { $0 != UInt8(ascii: "0") } }) else {
      throw IndicatorRejection(.allZero, "Only zeros after 123 are a filler, not a number.")
    }
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 7, "numbers that begin with 123")
  }
}
