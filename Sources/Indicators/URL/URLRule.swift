/// `url`: one page or shop on the web, where the domain alone would name too much.
///
/// The canonical form is that of RFC 3986, section 6.2: scheme and host in lower case, the host in ASCII, no default
/// port, dot segments resolved, percent-encoding in one spelling, an empty path as `/`. The query is kept as it is and
/// the fragment dropped, which no server sees. `http` and `https` stay apart, and so do `www.x` and `x`.
enum URLRule: IndicatorRule {
  static let type = IndicatorType.url
  static let normaliser: UInt8 = 1
  static let source = "RFC 3986, section 6.2; RFC 9110, section 4.2; RFC 3987, section 3.1; the host as for domain"
  static let form = "http:// or https://, the host, the path and the query"

  private static let defaultPorts = ["http": 80, "https": 443]

  /// What stands as itself in a query (RFC 3986, section 3.4) beside the unreserved characters.
  private static let querySigns = Set("/?:@!$&'()*+,;=".utf8)

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 12, "pages that search engines know")
  }

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let bounded = try BoundedText(text, limit: BoundedText.highestLimit)
    guard bounded.text.unicodeScalars.allSatisfy(isVisible) else {
      throw IndicatorRejection(
        .characters, "A URL has no space, control or direction character in it (RFC 3986, appendix A; RFC 3987).")
    }
    var rest = bounded.bytes.prefix { $0 != UInt8(ascii: "#") }
    let scheme = try takeScheme(of: &rest)
    let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    let path = rest[authority.endIndex...].prefix { $0 != UInt8(ascii: "?") }
    let query = rest[path.endIndex...]
    let value =
      try Array("\(scheme)://".utf8) + host(authority, of: scheme) + URLPath.normalised(path)
      + PercentEncoding.normalised(query, keeping: querySigns)
    guard value.count <= BoundedText.highestLimit else {
      throw IndicatorRejection(
        .length, "It has more than \(BoundedText.highestLimit) bytes once every sign is encoded (RFC 3986).")
    }
    return ("", String(decoding: value, as: UTF8.self))
  }

  /// Joiners stay: Persian and Indic words need them.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    guard !scalar.isASCII else {
      // Browsers read a backslash as a slash and others do not.
      return scalar.value > 0x20 && scalar.value != 0x7F && scalar != "\\"
    }
    switch scalar.properties.generalCategory {
    case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned: return false
    case .format: return scalar == "\u{200C}" || scalar == "\u{200D}"
    default: return true
    }
  }

  /// - Parameter rest: without the scheme and its slashes afterwards.
  private static func takeScheme(of rest: inout ArraySlice<UInt8>) throws(IndicatorRejection) -> String {
    let scheme = String(
      decoding: rest.prefix { $0 != UInt8(ascii: ":") }.prefix(6).map(ASCII.lowerCased), as: UTF8.self)
    rest = rest.dropFirst(scheme.utf8.count)
    guard defaultPorts[scheme] != nil, rest.starts(with: "://".utf8) else {
      throw IndicatorRejection(
        .structure, "A URL here begins with http:// or https:// (RFC 9110, section 4.2); no other scheme is taken.")
    }
    rest = rest.dropFirst(3)
    return scheme
  }

  /// The host, and the port where it is not the scheme's own.
  private static func host(
    _ authority: ArraySlice<UInt8>, of scheme: String
  ) throws(IndicatorRejection) -> [UInt8] {
    guard !authority.contains(UInt8(ascii: "@")) else {
      throw IndicatorRejection(
        .structure, "A user name before '@' hides which host is meant (RFC 9110, section 4.2.4); leave it out.")
    }
    guard authority.first != UInt8(ascii: "[") else { throw IPAddress.rejection }
    let name = authority.prefix { $0 != UInt8(ascii: ":") }
    guard !name.isEmpty else {
      throw IndicatorRejection(.empty, "There is no host (RFC 9110, section 4.2.1).")
    }
    guard let port = Self.port(authority[name.endIndex...].dropFirst()) else {
      throw IndicatorRejection(.structure, "A port is a number from 1 to 65535 (RFC 3986, section 3.2.3).")
    }
    var form = CanonicalForm()
    try DomainName.append(Array(name).span, to: &form)
    let host = form.value { host in host.indices.map { host[$0] } }
    return port == 0 || port == defaultPorts[scheme] ? host : host + ":\(port)".utf8
  }

  /// Zero where nothing stands after the colon, or no colon; nil for what is no port.
  private static func port(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty else { return 0 }
    let significant = digits.drop { $0 == UInt8(ascii: "0") }
    guard digits.allSatisfy(ASCII.isDigit), 1...5 ~= significant.count else { return nil }
    let port = significant.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return port <= 65_535 ? port : nil
  }
}
