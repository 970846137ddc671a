/// The kinds of keys that Pix has, each with its own form.
enum PixKeyKind: String, CaseIterable {
  case cpf, cnpj, phone, email, evp

  static let names = allCases.map { "\($0.rawValue)|" }.joined(separator: ", ")

  /// The whole canonical text, kind included.
  func value(_ text: ArraySlice<UInt8>) throws(IndicatorRejection) -> String {
    let key: [UInt8] =
      switch self {
      case .cpf: try BrazilianNumber.cpf(text)
      case .cnpj: try BrazilianNumber.cnpj(text)
      case .phone: try Self.phone(text)
      case .email: try Self.email(text)
      case .evp: try Self.evp(text)
      }
    return "\(rawValue)|\(String(decoding: key, as: UTF8.self))"
  }

  /// `+55`, two digits of the area from 11 to 99 without a 0, and a mobile number of nine digits from 9 or a fixed one of eight from 2 to 5
  /// (Anatel, Plano de Numeração).
  private static func phone(_ text: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    let isInternational = text.first == UInt8(ascii: "+")
    let written = isInternational ? text.dropFirst() : text
    guard written.allSatisfy({ ASCII.isDigit($0) || " -().".utf8.contains($0) }) else {
      throw IndicatorRejection(.characters, "A telephone number has only digits.")
    }
    var digits = written.filter(ASCII.isDigit)
    if isInternational {
      guard digits.starts(with: "55".utf8) else {
        throw IndicatorRejection(.unsupportedCountry, "A telephone number that is a Pix key is Brazilian: +55.")
      }
      digits.removeFirst(2)
    }
    guard digits.count == 10 || digits.count == 11 else {
      throw IndicatorRejection(.length, "After +55 stand 10 or 11 digits: the area and the number (Anatel).")
    }
    let first = digits[2]
    let isMobile = digits.count == 11 && first == UInt8(ascii: "9")
    let isFixed = digits.count == 10 && (UInt8(ascii: "2")...UInt8(ascii: "5")).contains(first)
    guard digits[0] != UInt8(ascii: "0"), digits[1] != UInt8(ascii: "0"), isMobile || isFixed else {
      throw IndicatorRejection(
        .structure, "The area has no 0; then 9 and eight digits, or eight digits from 2 to 5 (Anatel).")
    }
    return Array("+55".utf8) + digits
  }

  /// Pix takes at most 77 characters.
  private static func email(_ text: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    let parts = text.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw IndicatorRejection(.separator, "An e-mail address has exactly one '@'.") }
    guard text.count <= 77 else { throw IndicatorRejection(.length, "A Pix key has at most 77 characters (DICT).") }
    guard parts[0].allSatisfy({ ASCII.isAlphanumeric($0) || ".!#$&'*+/=?^_`{}~-".utf8.contains($0) }),
      parts[1].allSatisfy({ ASCII.isAlphanumeric($0) || ".-".utf8.contains($0) })
    else { throw IndicatorRejection(.characters, "The address holds a character that Pix does not allow (DICT).") }
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let names = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let hyphen = UInt8(ascii: "-")
    guard names.allSatisfy({ !$0.isEmpty }), labels.count > 1,
      labels.allSatisfy({ !$0.isEmpty && $0.count < 64 && $0.first != hyphen && $0.last != hyphen })
    else { throw IndicatorRejection(.structure, "The address has an empty part, or its domain is none (RFC 5321).") }
    return text.map(ASCII.lowerCased)
  }

  /// A UUID (RFC 9562) of 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
  private static func evp(_ text: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    let groups = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard groups.map(\.count) == [8, 4, 4, 4, 12] else {
      throw IndicatorRejection(.structure, "A random key is a UUID: 8, 4, 4, 4 and 12 hexadecimal digits (RFC 9562).")
    }
    guard groups.allSatisfy({ $0.allSatisfy { Hex.value($0) != nil } }) else {
      throw IndicatorRejection(.characters, "A UUID has only hexadecimal digits (RFC 9562).")
    }
    guard text.contains(where: { $0 != UInt8(ascii: "0") && $0 != UInt8(ascii: "-") }) else {
      throw IndicatorRejection(.allZero, "Only zeros are a filler, not a key.")
    }
    return text.map(ASCII.lowerCased)
  }
}
