/// The two letters with which an IBAN begins: ISO 3166-1, and XK for Kosovo.
struct IBANCountry: Hashable, CustomStringConvertible {
  let description: String

  /// Nil unless there are two upper-case letters.
  init?(_ letters: ArraySlice<UInt8>) {
    guard letters.count == 2, letters.allSatisfy(ASCII.isUpperCase) else { return nil }
    description = String(decoding: letters, as: UTF8.self)
  }
}

extension IBANCountry: ExpressibleByStringLiteral {
  init(stringLiteral letters: StaticString) { description = letters.description }
}
