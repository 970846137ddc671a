/// The numbers of persons and companies that Brazil's Receita Federal gives out.
enum BrazilianNumber {
  private static let separators = Array(" .-/".utf8)

  /// CPF: nine digits and two check digits, weights 10 to 2 and 11 to 2, modulo 11 (a remainder of 10 counts as 0).
  static func cpf(_ text: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    let digits = text.filter { !separators.contains($0) }
    guard digits.allSatisfy(ASCII.isDigit) else { throw IndicatorRejection(.characters, "A CPF has only digits.") }
    guard digits.count == 11 else {
      throw IndicatorRejection(.length, "A CPF has 11 digits, this text \(digits.count).")
    }
    guard digits.contains(where: { $0 != digits[0] }) else {
      throw IndicatorRejection(.allZero, "One digit repeated is a filler, not a CPF (Receita Federal).")
    }
    guard hasCheckDigits(digits, longest: 11) else {
      throw IndicatorRejection(.checkDigits, "The check digits do not fit the rest: modulo 11 (Receita Federal, CPF).")
    }
    return digits
  }

  /// CNPJ: twelve letters or digits and two check digits; a character counts as its ASCII code less 48, weights 2 to 9 from the right
  /// (Receita Federal, IN 2.229/2024).
  static func cnpj(_ text: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    let characters = text.filter { !separators.contains($0) }.map(ASCII.upperCased)
    guard characters.allSatisfy(ASCII.isAlphanumeric) else {
      throw IndicatorRejection(.characters, "A CNPJ has only digits and letters.")
    }
    guard characters.count == 14 else {
      throw IndicatorRejection(.length, "A CNPJ has 14 characters, this text \(characters.count).")
    }
    guard characters.suffix(2).allSatisfy(ASCII.isDigit) else {
      throw IndicatorRejection(.structure, "A CNPJ ends in two check digits (IN 2.229/2024).")
    }
    guard characters.contains(where: { $0 != characters[0] }) else {
      throw IndicatorRejection(.allZero, "One digit repeated is a filler, not a CNPJ (Receita Federal).")
    }
    guard hasCheckDigits(characters, longest: 9) else {
      throw IndicatorRejection(.checkDigits, "The check digits do not fit the rest: modulo 11 (Receita Federal, CNPJ).")
    }
    return characters
  }

  /// - Parameter longest: the weight after which they begin again with 2, from the right.
  private static func hasCheckDigits(_ characters: [UInt8], longest: Int) -> Bool {
    (characters.count - 2..<characters.count).allSatisfy { position in
      var (sum, weight) = (0, 2)
      for character in characters[..<position].reversed() {
        sum += Int(character - UInt8(ascii: "0")) * weight
        weight = weight == longest ? 2 : weight + 1
      }
      let remainder = sum % 11
      return Int(characters[position] - UInt8(ascii: "0")) == (remainder < 2 ? 0 : 11 - remainder)
    }
  }
}
