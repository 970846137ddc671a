/// `domain`: the name under which a seller's site answers, such as `shop.example`.
///
/// The canonical form is lower case, every label in ASCII (IDNA, Unicode's UTS #46), without a trailing dot and without
/// a leading label `www` as long as two labels remain: who holds a name decides over `www` below it, so both are one
/// seller's. A text with a scheme, port or path is a `url` and refused here.
enum DomainRule: ByteRule {
  static let type = IndicatorType.domain
  static let normaliser: UInt8 = 1
  static let source = "UTS #46 (non-transitional, STD3), RFC 1123, RFC 1035; Tor's rend-spec-v3 for .onion"
  static let form = "the name alone, such as shop.example"

  private static let web = Array("www.".utf8)

  static func space(scheme: String, value: String) -> SearchSpace {
    value.hasSuffix(".onion")
      ? SearchSpace(order: 6, "onion services that public lists know")
      : SearchSpace(order: 9, "registered domains, nearly all in public zone files and certificate logs")
  }

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try BoundedText.range(of: text, limit: DomainName.textLimit)
    let bytes = text.extracting(range)
    try refuseOtherForms(bytes)
    var labelCount = try DomainName.append(bytes, to: &form)
    while labelCount > 2, form.value({ $0.starts(with: web) }) {
      form.remove(web.indices)
      labelCount -= 1
    }
  }

  /// Says of texts that people take for a domain what they are.
  private static func refuseOtherForms(_ text: Span<UInt8>) throws(IndicatorRejection) {
    guard !IPAddress.hasForm(version6: text) else { throw IPAddress.rejection }
    guard !text.contains(UInt8(ascii: "@")) else {
      throw IndicatorRejection(
        .structure, "A domain has no '@'; a mail address is of type \(IndicatorType.emailWallet.name) (RFC 5321).")
    }
    guard !text.contains(where: isOfURL) else {
      throw IndicatorRejection(
        .structure,
        "A domain has no scheme, port, path or query; a text with them is a \(IndicatorType.url.name) (RFC 3986).")
    }
  }

  private static func isOfURL(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): true
    default: false
    }
  }
}
