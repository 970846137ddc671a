/// `domain`: the name under which a seller's site answers, such as `shop.example`.
///
/// The canonical form is lower case, every label in ASCII (IDNA, Unicode's UTS #46), without a trailing dot and without
/// a leading label `www` as long as two labels remain: who holds a name decides over `www` below it, so both are one
/// seller's. A text with a scheme, port or path is a `url` and refused here.
enum DomainRule: IndicatorRule {
  static let type = IndicatorType.domain
  static let normaliser: UInt8 = 1
  static let source = "UTS #46 (non-transitional, STD3), RFC 1123, RFC 1035; Tor's rend-spec-v3 for .onion"
  static let form = "the name alone, such as shop.example"

  private static let web = Array("www".utf8)

  static func space(scheme: String, value: String) -> SearchSpace {
    value.hasSuffix(".onion")
      ? SearchSpace(order: 6, "onion services that public lists know")
      : SearchSpace(order: 9, "registered domains, nearly all in public zone files and certificate logs")
  }

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let bytes = try BoundedText(text, limit: DomainName.textLimit).bytes
    try refuseOtherForms(bytes)
    var labels = try DomainName(bytes).labels[...]
    while labels.count > 2, labels.first?.elementsEqual(web) == true { labels.removeFirst() }
    return ("", String(decoding: Array(labels.joined(separator: [DomainName.dot])), as: UTF8.self))
  }

  /// Says of texts that people take for a domain what they are.
  private static func refuseOtherForms(_ text: [UInt8]) throws(IndicatorRejection) {
    guard !IPAddress.hasForm(version6: text) else { throw IPAddress.rejection }
    guard !text.contains(UInt8(ascii: "@")) else {
      throw IndicatorRejection(
        .structure, "A domain has no '@'; a mail address is of type \(IndicatorType.emailWallet.name) (RFC 5321).")
    }
    guard !text.contains(where: { ":/?#".utf8.contains($0) }) else {
      throw IndicatorRejection(
        .structure,
        "A domain has no scheme, port, path or query; a text with them is a \(IndicatorType.url.name) (RFC 3986).")
    }
  }
}
