/// The numbers of persons and companies that Brazil's Receita Federal gives out.
enum BrazilianNumber {
  private static let zero = UInt8(ascii: "0")

  /// CPF: nine digits and two check digits, weights 10 to 2 and 11 to 2, modulo 11 (a remainder of 10 counts as 0).
  static func appendCPF(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let start = form.count
    append(text, to: &form)
    guard form.value({ $0.extracting($0.from(start)).allSatisfy(ASCII.isDigit) }) else {
      throw IndicatorRejection(.characters, "A CPF has only digits.")
    }
    guard form.count - start == 11 else {
      throw IndicatorRejection(.length, "A CPF has 11 digits, this text \(form.count - start).")
    }
    guard !form.value({ isOneRepeated($0.extracting($0.from(start))) }) else {
      throw IndicatorRejection(.allZero, "One digit repeated is a filler, not a CPF (Receita Federal).")
    }
    guard form.value({ hasCheckDigits($0.extracting($0.from(start)), longest: 11) }) else {
      throw IndicatorRejection(.checkDigits, "The check digits do not fit the rest: modulo 11 (Receita Federal, CPF).")
    }
  }

  /// CNPJ: twelve letters or digits and two check digits; a character counts as its ASCII code less 48, weights 2 to 9 from the right
  /// (Receita Federal, IN 2.229/2024).
  static func appendCNPJ(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let start = form.count
    append(text, to: &form)
    guard form.value({ $0.extracting($0.from(start)).allSatisfy(ASCII.isAlphanumeric) }) else {
      throw IndicatorRejection(.characters, "A CNPJ has only digits and letters.")
    }
    guard form.count - start == 14 else {
      throw IndicatorRejection(.length, "A CNPJ has 14 characters, this text \(form.count - start).")
    }
    guard form.value({ ASCII.isDigit($0[start + 12]) && ASCII.isDigit($0[start + 13]) }) else {
      throw IndicatorRejection(.structure, "A CNPJ ends in two check digits (IN 2.229/2024).")
    }
    guard !form.value({ isOneRepeated($0.extracting($0.from(start))) }) else {
      throw IndicatorRejection(.allZero, "One digit repeated is a filler, not a CNPJ (Receita Federal).")
    }
    guard form.value({ hasCheckDigits($0.extracting($0.from(start)), longest: 9) }) else {
      throw IndicatorRejection(.checkDigits, "The check digits do not fit the rest: modulo 11 (Receita Federal, CNPJ).")
    }
  }

  /// Without separators, in upper case.
  private static func append(_ text: Span<UInt8>, to form: inout CanonicalForm) {
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"): break
      case let byte: form.append(ASCII.upperCased(byte))
      }
    }
  }

  private static func isOneRepeated(_ characters: Span<UInt8>) -> Bool {
    characters.allSatisfy { $0 == characters[0] }
  }

  /// - Parameters:
  ///   - characters: letters in upper case and digits, more than two.
  ///   - longest: the weight after which they begin again with 2, from the right.
  private static func hasCheckDigits(_ characters: Span<UInt8>, longest: Int) -> Bool {
    for position in characters.count - 2..<characters.count {
      var (sum, weight, index) = (0, 2, position)
      while index > 0 {
        index -= 1
        sum += Int(characters[index] - zero) * weight
        weight = weight == longest ? 2 : weight + 1
      }
      let remainder = sum % 11
      guard Int(characters[position] - zero) == (remainder < 2 ? 0 : 11 - remainder) else { return false }
    }
    return true
  }
}
