/// The kinds of keys that Pix has, each with its own form.
enum PixKeyKind: String, CaseIterable {
  case cpf, cnpj, phone, email, evp

  static let names = allCases.map { "\($0.rawValue)|" }.joined(separator: ", ")

  private static let spellings = allCases.map { ($0, Array($0.rawValue.utf8)) }

  /// The kind of that name, in any letter case and with spaces; nil if there is none.
  init?(_ name: Span<UInt8>) {
    func isSpelled(_ letters: [UInt8]) -> Bool {
      var place = 0
      for index in name.indices where name[index] != UInt8(ascii: " ") {
        guard place < letters.count, ASCII.lowerCased(name[index]) == letters[place] else { return false }
        place += 1
      }
      return place == letters.count
    }
    guard let found = Self.spellings.first(where: { isSpelled($0.1) }) else { return nil }
    self = found.0
  }

  /// Writes the whole canonical form, kind included.
  func append(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    form.clear()
    form.beginScheme()
    form.append(rawValue)
    form.endScheme()
    form.appendScheme()
    form.append(UInt8(ascii: "|"))
    switch self {
    case .cpf: try BrazilianNumber.appendCPF(text, to: &form)
    case .cnpj: try BrazilianNumber.appendCNPJ(text, to: &form)
    case .phone: try Self.appendPhone(text, to: &form)
    case .email: try Self.appendEmail(text, to: &form)
    case .evp: try Self.appendEVP(text, to: &form)
    }
  }

  /// `+55`, two digits of the area from 11 to 99 without a 0, and a mobile number of nine digits from 9 or a fixed one of eight from 2 to 5
  /// (Anatel, Plano de Numeração).
  private static func appendPhone(
    _ text: Span<UInt8>, to form: inout CanonicalForm
  ) throws(IndicatorRejection) {
    let isInternational = text.first == UInt8(ascii: "+")
    form.append("+")
    let country = form.count
    if !isInternational { form.append("55") }
    for index in (isInternational ? 1 : 0)..<text.count {
      let byte = text[index]
      if ASCII.isDigit(byte) {
        form.append(byte)
      } else if !" -().".utf8.contains(byte) {
        throw IndicatorRejection(.characters, "A telephone number has only digits.")
      }
    }
    let five = UInt8(ascii: "5")
    guard form.value({ $0.count >= country + 2 && $0[country] == five && $0[country + 1] == five }) else {
      throw IndicatorRejection(.unsupportedCountry, "A telephone number that is a Pix key is Brazilian: +55.")
    }
    let start = country + 2
    let count = form.count - start
    guard count == 10 || count == 11 else {
      throw IndicatorRejection(.length, "After +55 stand 10 or 11 digits: the area and the number (Anatel).")
    }
    guard form.value({ isNumber($0.extracting($0.from(start))) }) else {
      throw IndicatorRejection(
        .structure, "The area has no 0; then 9 and eight digits, or eight digits from 2 to 5 (Anatel).")
    }
  }

  private static func isNumber(_ digits: Span<UInt8>) -> Bool {
    let isMobile = digits.count == 11 && digits[2] == UInt8(ascii: "9")
    let isFixed = digits.count == 10 && (UInt8(ascii: "2")...UInt8(ascii: "5")).contains(digits[2])
    return digits[0] != UInt8(ascii: "0") && digits[1] != UInt8(ascii: "0") && (isMobile || isFixed)
  }

  /// Pix takes at most 77 characters.
  private static func appendEmail(
    _ text: Span<UInt8>, to form: inout CanonicalForm
  ) throws(IndicatorRejection) {
    let at = UInt8(ascii: "@")
    guard let sign = text.firstIndex(of: at), !text.extracting(sign + 1..<text.count).contains(at) else {
      throw IndicatorRejection(.separator, "An e-mail address has exactly one '@'.")
    }
    guard text.count <= 77 else { throw IndicatorRejection(.length, "A Pix key has at most 77 characters (DICT).") }
    let name = text.extracting(0..<sign)
    let domain = text.extracting(sign + 1..<text.count)
    guard name.allSatisfy({ ASCII.isAlphanumeric($0) || ".!#$&'*+/=?^_`{}~-".utf8.contains($0) }),
      domain.allSatisfy({ ASCII.isAlphanumeric($0) || ".-".utf8.contains($0) })
    else { throw IndicatorRejection(.characters, "The address holds a character that Pix does not allow (DICT).") }
    let (dot, hyphen) = (UInt8(ascii: "."), UInt8(ascii: "-"))
    guard name.allParts(dividedBy: dot, { !$0.isEmpty }), domain.contains(dot),
      domain.allParts(dividedBy: dot, { !$0.isEmpty && $0.count < 64 && $0.first != hyphen && $0.last != hyphen })
    else { throw IndicatorRejection(.structure, "The address has an empty part, or its domain is none (RFC 5321).") }
    appendLowerCase(text, to: &form)
  }

  /// A UUID (RFC 9562) of 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
  private static func appendEVP(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let hyphen = UInt8(ascii: "-")
    guard text.count == 36, text[8] == hyphen, text[13] == hyphen, text[18] == hyphen, text[23] == hyphen
    else { throw notGrouped }
    var hyphens = 0
    let end = form.append(text, in: text.indices) { byte in
      // Letters of hexadecimal digits differ from small ones in one bit alone.
      if ASCII.isDigit(byte) { return byte }
      if byte == hyphen {
        hyphens += 1
        return byte
      }
      return (byte | 0x20) &- 0x61 < 6 ? byte | 0x20 : nil
    }
    guard hyphens <= 4 else { throw notGrouped }
    guard end == text.count else {
      throw IndicatorRejection(.characters, "A UUID has only hexadecimal digits (RFC 9562).")
    }
    guard text.contains(where: { $0 != UInt8(ascii: "0") && $0 != hyphen }) else {
      throw IndicatorRejection(.allZero, "Only zeros are a filler, not a key.")
    }
  }

  private static var notGrouped: IndicatorRejection {
    IndicatorRejection(.structure, "A random key is a UUID: 8, 4, 4, 4 and 12 hexadecimal digits (RFC 9562).")
  }

  private static func appendLowerCase(_ text: Span<UInt8>, to form: inout CanonicalForm) {
    for index in text.indices { form.append(ASCII.lowerCased(text[index])) }
  }
}
