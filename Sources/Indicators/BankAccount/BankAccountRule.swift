/// `bank-account`: an account in a country without IBAN, `COUNTRY|ROUTING|ACCOUNT`.
///
/// The canonical form has the country in upper case and both numbers without separators, letters in upper case, leading zeros kept. The scheme
/// is the country. Where there are IBANs an account is listed by its IBAN, so that it has one digest.
enum BankAccountRule: IndicatorRule {
  static let type = IndicatorType.bankAccount
  static let normaliser: UInt8 = 1
  static let source = "each country's clearing system"
  static let form = "COUNTRY|ROUTING|ACCOUNT; MX and AR: COUNTRY|CLABE or COUNTRY|CBU"

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let parts = try BoundedText(text).bytes.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
      .map { $0.filter { !" -./".utf8.contains($0) }.map(ASCII.upperCased) }
    guard let first = parts.first, parts.count > 1 else {
      throw IndicatorRejection(.separator, "An account is written \(form).")
    }
    let country = String(decoding: first, as: UTF8.self)
    guard let bank = BankSystems.all[country] else {
      if IBANRegistry.formats[country] != nil {
        throw IndicatorRejection(
          .structure, "Accounts in \(country) have an IBAN: list the IBAN, so that there is one digest of it.")
      }
      let known = BankSystems.all.keys.sorted().joined(separator: ", ")
      throw IndicatorRejection(.unsupportedCountry, "There is no rule for that country; there are rules for \(known).")
    }
    guard parts.count == bank.parts.count + 1 else {
      throw IndicatorRejection(.separator, "An account in \(country) is written \(bank.form).")
    }
    for (part, rule) in zip(parts.dropFirst(), bank.parts) { try rule.check(part) }
    guard parts.dropFirst().contains(where: { $0.contains { $0 != UInt8(ascii: "0") } }) else {
      throw IndicatorRejection(.allZero, "Only zeros are a filler, not an account.")
    }
    return (country, parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|"))
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 12, "accounts at the banks of one country")
  }
}
