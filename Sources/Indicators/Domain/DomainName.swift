/// A name of the domain name system with at least two labels, in its one spelling: lower case, every label in ASCII.
///
/// The rules for labels are those of host names (RFC 1123, section 2.1, which UTS #46 calls STD3): letters, digits and
/// hyphens, no hyphen at either end; and no hyphens in third and fourth place but in the prefix `xn--` (UTS #46,
/// CheckHyphens).
struct DomainName {
  /// The most bytes of UTF-8 a name may have as it arrives: no name of 253 characters in ASCII comes from more.
  static let textLimit = 1_024

  static let dot = UInt8(ascii: ".")

  private static let nameLimit = 253
  private static let labelLimit = 63
  private static let hyphen = UInt8(ascii: "-")

  /// In order of writing, at least two, none empty.
  let labels: [ArraySlice<UInt8>]

  /// The labels with their dots, without one at the end.
  var text: [UInt8] { Array(labels.joined(separator: [Self.dot])) }

  /// - Parameter text: UTF-8 from outside, without white space around it.
  init(_ text: [UInt8]) throws(IndicatorRejection) {
    guard text.allSatisfy({ $0 > UInt8(ascii: " ") && $0 != 0x7F }) else {
      throw IndicatorRejection(.characters, "A domain has no space or control character in it (RFC 1123, section 2.1).")
    }
    var name = text.map(ASCII.lowerCased)
    if !InternationalName.isPlain(name) { name = try InternationalName.inASCII(name) }
    if name.last == Self.dot { name.removeLast() }
    let labels = name.split(separator: Self.dot, omittingEmptySubsequences: false)
    guard labels.allSatisfy({ !$0.isEmpty }) else {
      throw IndicatorRejection(.empty, "There is nothing beside a dot; no label is empty (RFC 1035, section 3.1).")
    }
    for label in labels { try Self.check(label) }
    guard name.count <= Self.nameLimit else {
      throw IndicatorRejection(
        .length, "It is longer than \(Self.nameLimit) characters in ASCII (RFC 1035, section 3.1).")
    }
    guard let last = labels.last, !IPAddress.isNumber(last) else {
      guard labels.count <= 4, labels.allSatisfy(IPAddress.isNumber) else {
        throw IndicatorRejection(.structure, "The last label of a domain is not a number (RFC 3696, section 2).")
      }
      throw IPAddress.rejection
    }
    guard labels.count >= 2 else {
      throw IndicatorRejection(.structure, "A domain here has two labels or more, with a dot between them.")
    }
    if last.elementsEqual(OnionName.topLevel) { try OnionName.check(labels[labels.count - 2]) }
    self.labels = labels
  }

  /// Whether a label in ASCII and lower case may have the character.
  static func allows(_ character: UInt8) -> Bool {
    ASCII.isLowerCase(character) || ASCII.isDigit(character) || character == hyphen
  }

  static let forbiddenSign = IndicatorRejection(
    .characters, "A label has only letters, digits and hyphens (RFC 1123, section 2.1; UTS #46 with STD3 rules).")

  private static func check(_ label: ArraySlice<UInt8>) throws(IndicatorRejection) {
    guard label.count <= labelLimit else {
      throw IndicatorRejection(
        .length, "A label is longer than \(labelLimit) characters in ASCII (RFC 1035, section 3.1).")
    }
    guard label.allSatisfy(allows) else { throw forbiddenSign }
    guard label.first != hyphen, label.last != hyphen else {
      throw IndicatorRejection(.structure, "A label neither begins nor ends with a hyphen (RFC 1123, section 2.1).")
    }
    guard !label.dropFirst(2).starts(with: [hyphen, hyphen]) || label.starts(with: InternationalName.prefix) else {
      throw IndicatorRejection(
        .structure, "A label has no hyphens in third and fourth place but in xn-- (UTS #46, CheckHyphens).")
    }
  }
}
