/// An account of EOS, which is a name and has no checksum, written `eos:NAME` because any short word could be one (Antelope's type
/// `name`: at most 12 signs of a-z, 1-5 and the dot, not at the end; a 13th would have fewer).
///
/// The canonical form is the text itself. Exchanges tell their customers apart by a memo behind the sign `|`.
enum EOSAddress {
  static let chain = "eos"

  private static let prefix = Array("eos:".utf8)
  private static let longest = 12

  /// The canonical form, or nil when the text does not begin with `eos:`.
  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> [UInt8]? {
    guard text.starts(with: prefix) else { return nil }
    let name = text[prefix.count...]
    guard (1...longest).contains(name.count) else {
      throw IndicatorRejection(.length, "An account of EOS has 1 to \(longest) signs (Antelope, type name).")
    }
    guard name.allSatisfy({ ASCII.isLowerCase($0) || (0x31...0x35).contains($0) || $0 == UInt8(ascii: ".") }),
      name.last != UInt8(ascii: ".")
    else {
      throw IndicatorRejection(
        .characters, "An account of EOS has only a to z, 1 to 5 and dots, none at the end (Antelope, type name).")
    }
    return text
  }
}
