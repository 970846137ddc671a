/// The two letters with which an IBAN begins: ISO 3166-1, and XK for Kosovo.
struct IBANCountry: Hashable, CustomStringConvertible {
  /// How many pairs of letters there are.
  static let count = 26 * 26

  /// The pair's place among all, from 0.
  let number: Int

  /// Nil unless the text begins with two upper-case letters.
  init?(_ text: Span<UInt8>) {
    guard text.count >= 2, ASCII.isUpperCase(text[0]), ASCII.isUpperCase(text[1]) else { return nil }
    number = Int(text[0] - UInt8(ascii: "A")) * 26 + Int(text[1] - UInt8(ascii: "A"))
  }

  var description: String {
    let letters = [number / 26, number % 26].map { UInt8(truncatingIfNeeded: $0) + UInt8(ascii: "A") }
    return String(decoding: letters, as: UTF8.self)
  }
}
