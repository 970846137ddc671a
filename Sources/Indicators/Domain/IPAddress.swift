/// Recognises the address of a machine where a name is wanted.
enum IPAddress {
  /// Addresses are handed from customer to customer, and hundreds of sites share one.
  static let rejection = IndicatorRejection(
    .ipAddress,
    "It is an IP address (RFC 3986, section 3.2.2), which sites share and providers hand on; name the domain.")

  /// Whether a label is a number, decimal or as `0x` and hexadecimal digits: then resolvers and browsers read an
  /// address of version 4, in any of the forms of the old function inet_aton.
  static func isNumber(_ label: Span<UInt8>) -> Bool {
    guard !label.allSatisfy(ASCII.isDigit) else { return true }
    return label.count >= 2 && label[0] == UInt8(ascii: "0") && label[1] == UInt8(ascii: "x")
      && label.extracting(2..<label.count).allSatisfy { Hex.value($0) != nil }
  }

  /// Whether a text is written as an address of version 6, in brackets or alone, or as a literal of a later version.
  static func hasForm(version6 text: Span<UInt8>) -> Bool {
    guard text.first != UInt8(ascii: "[") else { return true }
    let colon = UInt8(ascii: ":")
    return text.count(where: { $0 == colon }) >= 2
      && text.allSatisfy { $0 == colon || $0 == DomainName.dot || Hex.value($0) != nil }
  }
}
