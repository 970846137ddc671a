/// `mpesa-shortcode`: whom an M-Pesa customer pays, `COUNTRY|paybill|NUMBER`, `COUNTRY|paybill|NUMBER|ACCOUNT` or `COUNTRY|till|NUMBER`.
///
/// The canonical form has the country in upper case, `paybill` or `till` in lower case, the number without separators and the
/// account in upper case without spaces. The paybill of a bank or a payment company is shared by many: then only the number
/// with its account reference names the payee. The scheme is the country.
enum MPesaShortcodeRule: ByteRule {
  static let type = IndicatorType.mpesaShortcode
  static let normaliser: UInt8 = 1
  static let source = "Safaricom Daraja and Vodacom M-Pesa open API"
  static let form =
    "COUNTRY|paybill|NUMBER, COUNTRY|paybill|NUMBER|ACCOUNT or COUNTRY|till|NUMBER, such as KE|till|123456"

  /// Where M-Pesa is run: Congo (Kinshasa), Egypt, Ethiopia, Ghana, Kenya, Lesotho, Mozambique, Tanzania.
  private static let countries = ["CD", "EG", "ET", "GH", "KE", "LS", "MZ", "TZ"]
  private static let countryCodes = countries.map { Array($0.utf8) }
  private static let till = Array("till".utf8)
  private static let paybill = Array("paybill".utf8)
  private static let numberLengths = 5...7
  private static let accountLimit = 20
  private static let separator = UInt8(ascii: "|")

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try BoundedText.range(of: text)
    let bytes = text.extracting(range)
    let bars = bytes.count { $0 == separator }
    guard bars == 2 || bars == 3 else {
      throw IndicatorRejection(.separator, "An M-Pesa shortcode is written \(Self.form).")
    }
    form.beginScheme()
    var index = append(bytes, from: 0, to: &form) { ASCII.upperCased($0) }
    form.endScheme()
    guard form.scheme({ scheme in countryCodes.contains { scheme.equals($0) } }) else {
      throw IndicatorRejection(
        .unsupportedCountry, "M-Pesa is not run there; the countries are \(countries.joined(separator: ", ")).")
    }
    form.appendScheme()
    form.append(separator)
    let kind = form.count
    index = append(bytes, from: index, to: &form) { ASCII.lowerCased($0) }
    let isTill = form.value { $0.extracting($0.from(kind)).equals(till) }
    guard isTill && bars == 2 || form.value({ $0.extracting($0.from(kind)).equals(paybill) }) else {
      throw IndicatorRejection(
        .structure, "After the country stands paybill or till, and only a paybill has an account.")
    }
    form.append(separator)
    let number = form.count
    index = append(bytes, from: index, to: &form) { $0 }
    guard form.value({ $0.extracting($0.from(number)).allSatisfy(ASCII.isDigit) }) else {
      throw IndicatorRejection(.characters, "A shortcode has only digits.")
    }
    guard numberLengths.contains(form.count - number) else {
      throw IndicatorRejection(.length, "A shortcode has 5 to 7 digits, this one \(form.count - number).")
    }
    guard form.value({ $0[number] }) != UInt8(ascii: "0") else {
      throw IndicatorRejection(.structure, "A shortcode does not begin with 0.")
    }
    if bars == 3 {
      form.append(separator)
      let account = form.count
      _ = append(bytes, from: index, to: &form) { ASCII.upperCased($0) }
      try checkAccount(from: account, of: form)
    }
  }

  /// Writes one part without its spaces.
  /// - Returns: where the next part begins.
  private static func append(
    _ bytes: Span<UInt8>, from start: Int, to form: inout CanonicalForm, as spelling: (UInt8) -> UInt8
  ) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != separator {
      if bytes[index] != UInt8(ascii: " ") { form.append(spelling(bytes[index])) }
      index += 1
    }
    return index + 1
  }

  private static func checkAccount(from start: Int, of form: borrowing CanonicalForm) throws(IndicatorRejection) {
    guard form.count > start else {
      throw IndicatorRejection(.empty, "The account after the paybill number is missing.")
    }
    guard form.count - start <= accountLimit else {
      throw IndicatorRejection(.length, "An account reference has at most \(accountLimit) characters.")
    }
    guard form.value({ $0.extracting($0.from(start)).allSatisfy(isInAccount) }) else {
      throw IndicatorRejection(.characters, "An account reference has only letters, digits and - / _ . #")
    }
  }

  private static func isInAccount(_ byte: UInt8) -> Bool {
    ASCII.isAlphanumeric(byte) || "-/_.#".utf8.contains(byte)
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 7, "shortcodes of one country")
  }
}
