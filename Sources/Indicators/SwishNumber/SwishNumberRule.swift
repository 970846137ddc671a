/// `swish-number`: the number of a merchant or organisation in Sweden's Swish: 123 and seven digits.
///
/// The canonical form is the ten digits. A private person's Swish number is a telephone number and a `phone-wallet`.
enum SwishNumberRule: IndicatorRule {
  static let type = IndicatorType.swishNumber
  static let normaliser: UInt8 = 1
  static let source = "Getswish, merchant integration guide"
  static let form = "123 and seven digits"

  private static let prefix = Array("123".utf8)
  private static let length = 10

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let digits = try Compacted.digits(text, else: "A Swish number has only digits.")
    guard digits.starts(with: prefix) else {
      throw IndicatorRejection(
        .structure, "A merchant's Swish number begins with 123; a telephone number is a phone-wallet: swish|+46...")
    }
    guard digits.count == length else {
      throw IndicatorRejection(.length, "A Swish number has \(length) digits, this one \(digits.count).")
    }
    guard digits.dropFirst(prefix.count).contains(where: { $0 != UInt8(ascii: "0") }) else {
      throw IndicatorRejection(.allZero, "Only zeros after 123 are a filler, not a number.")
    }
    return ("", String(decoding: digits, as: UTF8.self))
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 7, "numbers that begin with 123")
  }
}
