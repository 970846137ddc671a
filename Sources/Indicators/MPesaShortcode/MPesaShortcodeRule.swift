/// `mpesa-shortcode`: whom an M-Pesa customer pays, `COUNTRY|paybill|NUMBER`, `COUNTRY|paybill|NUMBER|ACCOUNT` or `COUNTRY|till|NUMBER`.
///
/// The canonical form has the country in upper case, `paybill` or `till` in lower case, the number without separators and the
/// account in upper case without spaces. The paybill of a bank or a payment company is shared by many: then only the number
/// with its account reference names the payee. The scheme is the country.
enum MPesaShortcodeRule: IndicatorRule {
  static let type = IndicatorType.mpesaShortcode
  static let normaliser: UInt8 = 1
  static let source = "Safaricom Daraja and Vodacom M-Pesa open API"
  static let form =
    "COUNTRY|paybill|NUMBER, COUNTRY|paybill|NUMBER|ACCOUNT or COUNTRY|till|NUMBER, such as KE|till|123456"

  /// Where M-Pesa is run: Congo (Kinshasa), Egypt, Ethiopia, Ghana, Kenya, Lesotho, Mozambique, Tanzania.
  private static let countries = ["CD", "EG", "ET", "GH", "KE", "LS", "MZ", "TZ"]
  private static let numberLengths = 5...7
  private static let accountLimit = 20
  private static let separator = UInt8(ascii: "|")

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let parts = try BoundedText(text).bytes.split(separator: separator, omittingEmptySubsequences: false)
      .map { $0.filter { $0 != UInt8(ascii: " ") } }
    guard parts.count == 3 || parts.count == 4 else {
      throw IndicatorRejection(.separator, "An M-Pesa shortcode is written \(form).")
    }
    let country = String(decoding: parts[0].map(ASCII.upperCased), as: UTF8.self)
    guard countries.contains(country) else {
      throw IndicatorRejection(
        .unsupportedCountry, "M-Pesa is not run there; the countries are \(countries.joined(separator: ", ")).")
    }
    let kind = String(decoding: parts[1].map(ASCII.lowerCased), as: UTF8.self)
    guard kind == "till" && parts.count == 3 || kind == "paybill" else {
      throw IndicatorRejection(
        .structure, "After the country stands paybill or till, and only a paybill has an account.")
    }
    guard parts[2].allSatisfy(ASCII.isDigit) else {
      throw IndicatorRejection(.characters, "A shortcode has only digits.")
    }
    guard numberLengths.contains(parts[2].count) else {
      throw IndicatorRejection(.length, "A shortcode has 5 to 7 digits, this one \(parts[2].count).")
    }
    guard parts[2].first != UInt8(ascii: "0") else {
      throw IndicatorRejection(.structure, "A shortcode does not begin with 0.")
    }
    var value = "\(country)|\(kind)|\(String(decoding: parts[2], as: UTF8.self))"
    if parts.count == 4 { value += "|" + String(decoding: try account(parts[3]), as: UTF8.self) }
    return (country, value)
  }

  private static func account(_ account: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    guard !account.isEmpty else { throw IndicatorRejection(.empty, "The account after the paybill number is missing.") }
    guard account.count <= accountLimit else {
      throw IndicatorRejection(.length, "An account reference has at most \(accountLimit) characters.")
    }
    guard account.allSatisfy({ ASCII.isAlphanumeric($0) || "-/_.#".utf8.contains($0) }) else {
      throw IndicatorRejection(.characters, "An account reference has only letters, digits and - / _ . #")
    }
    return account.map(ASCII.upperCased)
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 7, "shortcodes of one country")
  }
}
