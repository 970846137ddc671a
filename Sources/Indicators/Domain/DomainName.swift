/// A name of the domain name system with at least two labels, in its one spelling: lower case, every label in ASCII.
///
/// The rules for labels are those of host names (RFC 1123, section 2.1, which UTS #46 calls STD3): letters, digits and
/// hyphens, no hyphen at either end; and no hyphens in third and fourth place but in the prefix `xn--` (UTS #46,
/// CheckHyphens).
enum DomainName {
  /// The most bytes of UTF-8 a name may have as it arrives: no name of 253 characters in ASCII comes from more.
  static let textLimit = 1_024

  static let dot = UInt8(ascii: ".")

  private static let nameLimit = 253
  private static let labelLimit = 63
  private static let hyphen = UInt8(ascii: "-")

  /// Writes the name, without a dot at the end.
  /// - Parameter text: UTF-8 from outside, without white space around it.
  /// - Returns: how many labels it has, at least two.
  @discardableResult
  static func append(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) -> Int {
    let start = form.count
    guard text.allSatisfy({ $0 > UInt8(ascii: " ") && $0 != 0x7F }) else {
      throw IndicatorRejection(.characters, "A domain has no space or control character in it (RFC 1123, section 2.1).")
    }
    if InternationalName.isPlain(text) {
      for index in text.indices { form.append(ASCII.lowerCased(text[index])) }
    } else {
      let name = try InternationalName.inASCII(text.indices.map { ASCII.lowerCased(text[$0]) })
      form.append(name.span)
    }
    if form.count > start, form.value({ $0.last }) == dot { form.removeLast() }
    let shape = try form.value { name throws(IndicatorRejection) in try Shape(name.extracting(name.from(start))) }
    return shape.labelCount
  }

  /// What is asked of a whole name in ASCII and lower case.
  private struct Shape {
    private(set) var labelCount = 0

    init(_ name: Span<UInt8>) throws(IndicatorRejection) {
      guard name.allParts(dividedBy: dot, { !$0.isEmpty }) else {
        throw IndicatorRejection(.empty, "There is nothing beside a dot; no label is empty (RFC 1035, section 3.1).")
      }
      var (start, before) = (0, 0..<0)
      var numbers = 0
      while true {
        var end = start
        while end < name.count, name[end] != dot { end += 1 }
        let label = name.extracting(start..<end)
        try check(label)
        labelCount += 1
        if IPAddress.isNumber(label) { numbers += 1 }
        guard end < name.count else { break }
        before = start..<end
        start = end + 1
      }
      guard name.count <= nameLimit else {
        throw IndicatorRejection(
          .length, "It is longer than \(nameLimit) characters in ASCII (RFC 1035, section 3.1).")
      }
      let last = name.extracting(start..<name.count)
      guard !IPAddress.isNumber(last) else {
        guard labelCount <= 4, numbers == labelCount else {
          throw IndicatorRejection(.structure, "The last label of a domain is not a number (RFC 3696, section 2).")
        }
        throw IPAddress.rejection
      }
      guard labelCount >= 2 else {
        throw IndicatorRejection(.structure, "A domain here has two labels or more, with a dot between them.")
      }
      if last.equals(OnionName.topLevel) { try OnionName.check(name.extracting(before)) }
    }
  }

  /// Whether a label in ASCII and lower case may have the character.
  static func allows(_ character: UInt8) -> Bool {
    ASCII.isLowerCase(character) || ASCII.isDigit(character) || character == hyphen
  }

  static let forbiddenSign = IndicatorRejection(
    .characters, "A label has only letters, digits and hyphens (RFC 1123, section 2.1; UTS #46 with STD3 rules).")

  private static func check(_ label: Span<UInt8>) throws(IndicatorRejection) {
    guard label.count <= labelLimit else {
      throw IndicatorRejection(
        .length, "A label is longer than \(labelLimit) characters in ASCII (RFC 1035, section 3.1).")
    }
    guard label.allSatisfy(allows) else { throw forbiddenSign }
    guard label.first != hyphen, label.last != hyphen else {
      throw IndicatorRejection(.structure, "A label neither begins nor ends with a hyphen (RFC 1123, section 2.1).")
    }
    let hasHyphens = label.count >= 4 && label[2] == hyphen && label[3] == hyphen
    guard !hasHyphens || label.starts(with: InternationalName.prefix) else {
      throw IndicatorRejection(
        .structure, "A label has no hyphens in third and fourth place but in xn-- (UTS #46, CheckHyphens).")
    }
  }
}
