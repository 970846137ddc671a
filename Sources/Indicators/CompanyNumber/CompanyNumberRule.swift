/// `company-number`: the number of a company in its country's register, `COUNTRY|NUMBER`.
///
/// The canonical form is the country, `|` and the number in upper case without separators, with its leading zeros. The scheme is the
/// country. A number that is a natural person's is refused where its form shows it.
enum CompanyNumberRule: IndicatorRule {
  static let type = IndicatorType.companyNumber
  static let normaliser: UInt8 = 1
  static let source = "each country's register"
  static let form = "COUNTRY|NUMBER, such as SE| and ten digits"

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let bytes = try BoundedText(text).bytes
    guard let bar = bytes.firstIndex(of: UInt8(ascii: "|")) else {
      throw IndicatorRejection(.separator, "Say in which country it is registered: \(form).")
    }
    let country = String(decoding: ASCII.trimmed(bytes[..<bar]).map(ASCII.upperCased), as: UTF8.self)
    guard let register = CompanyRegisters.all[country] else {
      let known = CompanyRegisters.all.keys.sorted().joined(separator: ", ")
      throw IndicatorRejection(.unsupportedCountry, "There is no rule for that country; there are rules for \(known).")
    }
    let written = bytes[(bar + 1)...].filter { !" -./".utf8.contains($0) }.map(ASCII.upperCased)
    guard !written.isEmpty else { throw IndicatorRejection(.empty, "The number after the '|' is missing.") }
    guard written.allSatisfy(ASCII.isAlphanumeric) else {
      throw IndicatorRejection(.characters, "A company number has only letters and digits.")
    }
    let number = try register.canonical(written)
    guard number.contains(where: { ASCII.isDigit($0) && $0 != UInt8(ascii: "0") }) else {
      throw IndicatorRejection(.allZero, "Only zeros are a filler, not a number.")
    }
    return (country, "\(country)|\(String(decoding: number, as: UTF8.self))")
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 7, "companies of one country, most of them in a public register")
  }
}
