import CLibidn2

/// Names with letters beyond ASCII, brought into ASCII by UTS #46 through the system's libidn2: non-transitional (so
/// that `ß` stays a letter of its own), with STD3 rules, hyphens, joiners and writing directions checked.
///
/// Libraries of different age must not give one name two forms. Letters that a library does not know yet it refuses;
/// the few that versions of UTS #46 treat differently are refused here.
enum InternationalName {
  /// How a label begins that is the ASCII form of other letters (RFC 5890, section 2.3.2.1).
  static let prefix = Array("xn--".utf8)

  /// Without the library's own flag for STD3 rules: with it, libidn2 (2.3.3 at least) leaves out the very characters
  /// that the rules forbid, and `a≠b` would become `ab`. They are looked for in the outcome instead.
  private static let flags = Int32(bitPattern: IDN2_NONTRANSITIONAL.rawValue | IDN2_NFC_INPUT.rawValue)

  /// The signs beyond ASCII that STD3 rules forbid, because they decompose to `=`, `<` and `>`. Newer versions of
  /// UTS #46 leave them to IDNA 2008, which forbids them too.
  private static let comparisons: [Unicode.Scalar] = ["\u{2260}", "\u{226E}", "\u{226F}"]

  /// The only character that libidn2 2.3.3 maps to another one than the tables of Unicode 18 do.
  private static let capitalSharpS: Unicode.Scalar = "\u{1E9E}"

  /// Whether a name is all ASCII with no label in that form, in either letter case, so that UTS #46 would leave it as it is.
  static func isPlain(_ name: Span<UInt8>) -> Bool {
    guard name.allSatisfy({ $0 < 0x80 }) else { return false }
    return name.allParts(dividedBy: DomainName.dot) { label in
      label.count < prefix.count || !prefix.indices.allSatisfy { ASCII.lowerCased(label[$0]) == prefix[$0] }
    }
  }

  /// - Parameter name: UTF-8 without a zero byte.
  static func inASCII(_ name: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    guard !String(decoding: name, as: UTF8.self).unicodeScalars.contains(capitalSharpS) else {
      throw IndicatorRejection(
        .characters,
        "A capital sharp s is ss in older versions of UTS #46 and a small sharp s in newer; write the one meant.")
    }
    let found = try lookedUp(name)
    guard found.allSatisfy({ DomainName.allows($0) || $0 == DomainName.dot }) else { throw DomainName.forbiddenSign }
    // A form that reads back as another would have two hashes.
    guard try lookedUp(found) == found, let original = inUnicode(found) else {
      throw IndicatorRejection(.structure, "A label has no stable form in ASCII (RFC 5891, section 4.4).")
    }
    guard !original.unicodeScalars.contains(where: comparisons.contains) else { throw DomainName.forbiddenSign }
    return found
  }

  private static func inUnicode(_ name: [UInt8]) -> String? {
    var result: UnsafeMutablePointer<CChar>?
    let status = idn2_to_unicode_8z8z(name.map(CChar.init(bitPattern:)) + [0], &result, 0)
    defer { idn2_free(result) }
    guard status == IDN2_OK.rawValue, let result else { return nil }
    return String(cString: result)
  }

  private static func lookedUp(_ name: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    var result: UnsafeMutablePointer<UInt8>?
    let status = idn2_lookup_u8(name + [0], &result, flags)
    defer { idn2_free(result) }
    guard status == IDN2_OK.rawValue, let result else { throw rejection(status) }
    return Array(String(cString: result).utf8)
  }

  private static func rejection(_ status: Int32) -> IndicatorRejection {
    switch idn2_rc(status) {
    case IDN2_TOO_BIG_DOMAIN, IDN2_TOO_BIG_LABEL, IDN2_PUNYCODE_BIG_OUTPUT:
      IndicatorRejection(.length, "A label has at most 63 characters in ASCII, a domain 253 (RFC 1035, section 3.1).")
    case IDN2_2HYPHEN, IDN2_HYPHEN_STARTEND:
      IndicatorRejection(
        .structure, "A label has a hyphen at an end, or in third and fourth place (UTS #46, CheckHyphens).")
    case IDN2_INVALID_ALABEL, IDN2_UALABEL_MISMATCH, IDN2_ALABEL_ROUNDTRIP_FAILED, IDN2_PUNYCODE_BAD_INPUT,
      IDN2_PUNYCODE_OVERFLOW:
      IndicatorRejection(.structure, "A label with xn-- is not the ASCII form of any label (RFC 5891, section 5.4).")
    case IDN2_BIDI:
      IndicatorRejection(.characters, "A label mixes letters of both writing directions (RFC 5893, section 2).")
    case IDN2_CONTEXTJ, IDN2_CONTEXTJ_NO_RULE:
      IndicatorRejection(.characters, "A joiner stands where it joins nothing (RFC 5892, appendices A.1 and A.2).")
    case IDN2_UNASSIGNED:
      IndicatorRejection(.characters, "A character is in no version of Unicode that is known here (UTS #46).")
    default:
      IndicatorRejection(.characters, "A label has a character that domains do not allow (UTS #46, section 4).")
    }
  }
}
