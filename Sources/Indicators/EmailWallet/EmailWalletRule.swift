/// `email-wallet`: an account with a payment service that is known by a mail address, written `SCHEME|ADDRESS`, such as
/// `paypal|seller@shop.example`.
///
/// The same address at two services is two accounts, so the service is part of the value and a bare address is refused.
/// The canonical form is lower case throughout, the domain in ASCII. Dots and `+tags` of the local part stay: only the
/// mail provider knows whether they matter.
enum EmailWalletRule: ByteRule {
  static let type = IndicatorType.emailWallet
  static let normaliser: UInt8 = 1
  static let source = "RFC 5321, sections 4.1.2 and 4.5.3.1; the domain by UTS #46"
  static let form = "SCHEME|ADDRESS, the wallet and the mail address that it knows"

  private static let localLimit = 64
  private static let addressLimit = 254
  private static let at = UInt8(ascii: "@")

  /// RFC 5322, section 3.2.3, atext, without letters and digits; and the dot.
  private static let localSigns = Set("!#$%&'*+-/=?^_`{|}~.".utf8)

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 10, "mail addresses that leaked lists hold")
  }

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try ScopedText.split(text, to: &form, written: Self.form, limit: DomainName.textLimit)
    let start = form.count
    try appendAddress(text.extracting(range), to: &form)
    guard form.count - start <= addressLimit else {
      throw IndicatorRejection(
        .length,
        "A mail address has at most \(addressLimit) characters, its domain in ASCII (RFC 5321, section 4.5.3.1).")
    }
  }

  private static func appendAddress(
    _ text: Span<UInt8>, to form: inout CanonicalForm
  ) throws(IndicatorRejection) {
    guard let sign = text.firstIndex(of: at), !text.extracting(sign + 1..<text.count).contains(at) else {
      throw IndicatorRejection(.separator, "A mail address has exactly one '@' (RFC 5321, section 4.1.2).")
    }
    let local = text.extracting(0..<sign)
    let domain = text.extracting(sign + 1..<text.count)
    try check(local)
    guard !domain.isEmpty else { throw IndicatorRejection(.empty, "There is no domain after the '@'.") }
    guard domain.first != UInt8(ascii: "[") else { throw IPAddress.rejection }
    guard domain.last != DomainName.dot else {
      throw IndicatorRejection(.structure, "No dot ends the domain of a mail address (RFC 5321, section 4.1.2).")
    }
    for index in local.indices { form.append(ASCII.lowerCased(local[index])) }
    form.append(at)
    try DomainName.append(domain, to: &form)
  }

  private static func check(_ local: Span<UInt8>) throws(IndicatorRejection) {
    guard !local.isEmpty else { throw IndicatorRejection(.empty, "Nothing stands before the '@'.") }
    guard local.allSatisfy({ ASCII.isAlphanumeric($0) || localSigns.contains($0) }) else {
      throw IndicatorRejection(
        .characters, "Before the '@' stand ASCII letters, digits and few signs, unquoted (RFC 5321, Dot-string).")
    }
    guard local.allParts(dividedBy: DomainName.dot, { !$0.isEmpty }) else {
      throw IndicatorRejection(
        .structure, "A dot before the '@' stands between two other characters (RFC 5321, Dot-string).")
    }
    guard local.count <= localLimit else {
      throw IndicatorRejection(
        .length, "Before the '@' stand at most \(localLimit) characters (RFC 5321, section 4.5.3.1.1).")
    }
  }
}
