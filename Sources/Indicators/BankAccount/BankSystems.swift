/// How accounts are numbered where there are no IBANs.
struct BankSystem: Sendable {
  /// One of the numbers that make up an account.
  struct Part: Sendable {
    let name: String
    let lengths: ClosedRange<Int>
    /// Why the number is not right; nil if it is.
    var fault: @Sendable ([UInt8]) -> IndicatorRejection? = { number in
      number.allSatisfy(ASCII.isDigit) ? nil : IndicatorRejection(.characters, "The number has only digits.")
    }

    func check(_ number: [UInt8]) throws(IndicatorRejection) {
      guard !number.isEmpty else { throw IndicatorRejection(.empty, "\(name) is missing.") }
      guard number.allSatisfy(ASCII.isAlphanumeric) else {
        throw IndicatorRejection(.characters, "\(name) has only letters and digits.")
      }
      guard lengths.contains(number.count) else {
        let count = lengths.count == 1 ? "\(lengths.lowerBound)" : "\(lengths.lowerBound) to \(lengths.upperBound)"
        throw IndicatorRejection(.length, "\(name) has \(count) characters, this one \(number.count).")
      }
      if let fault = fault(number) { throw fault }
    }
  }

  let form: String
  let parts: [Part]

  init(_ form: String, _ parts: Part...) {
    self.form = form
    self.parts = parts
  }
}

/// The systems that there are rules for, by country (ISO 3166-1).
enum BankSystems {
  static let all: [String: BankSystem] = [
    "AR": BankSystem("AR|CBU", part("A CBU", 22, argentine)),
    "AU": BankSystem("AU|BSB|ACCOUNT", part("A BSB", 6), BankSystem.Part(name: "The account", lengths: 5...10)),
    "CA": BankSystem(
      "CA|0 AND INSTITUTION AND TRANSIT|ACCOUNT", part("A Canadian routing number", 9, canadian),
      BankSystem.Part(name: "The account", lengths: 7...12)),
    "HK": BankSystem(
      "HK|BANK AND BRANCH|ACCOUNT", part("Bank and branch", 6), BankSystem.Part(name: "The account", lengths: 6...9)),
    "ID": BankSystem(
      "ID|BANK|ACCOUNT", part("The bank's code", 3), BankSystem.Part(name: "The account", lengths: 10...16)),
    "IN": BankSystem(
      "IN|IFSC|ACCOUNT", part("An IFSC", 11, indian), BankSystem.Part(name: "The account", lengths: 9...18)),
    "JP": BankSystem("JP|BANK AND BRANCH|ACCOUNT", part("Bank and branch", 7), part("The account", 7)),
    "KR": BankSystem(
      "KR|BANK|ACCOUNT", part("The bank's code", 3), BankSystem.Part(name: "The account", lengths: 10...14)),
    "MX": BankSystem("MX|CLABE", part("A CLABE", 18, mexican)),
    "NZ": BankSystem(
      "NZ|BANK AND BRANCH|ACCOUNT AND SUFFIX", part("Bank and branch", 6),
      BankSystem.Part(name: "Account and suffix", lengths: 9...10)),
    "PH": BankSystem("PH|BRSTN|ACCOUNT", part("A BRSTN", 9), BankSystem.Part(name: "The account", lengths: 10...16)),
    "SG": BankSystem(
      "SG|BANK AND BRANCH|ACCOUNT", part("Bank and branch", 7), BankSystem.Part(name: "The account", lengths: 6...12)),
    "TH": BankSystem(
      "TH|BANK|ACCOUNT", part("The bank's code", 3), BankSystem.Part(name: "The account", lengths: 10...12)),
    // Account numbers have letters too (Nacha, field "DFI account number").
    "US": BankSystem(
      "US|ROUTING|ACCOUNT", part("An ABA routing number", 9, american),
      BankSystem.Part(name: "The account", lengths: 4...17, fault: { _ in nil })),
    "ZA": BankSystem(
      "ZA|BRANCH|ACCOUNT", part("The branch code", 6), BankSystem.Part(name: "The account", lengths: 7...11)),
  ]

  private static func part(
    _ name: String, _ length: Int, _ fault: (@Sendable ([UInt8]) -> IndicatorRejection?)? = nil
  ) -> BankSystem.Part {
    fault.map { BankSystem.Part(name: name, lengths: length...length, fault: $0) }
      ?? BankSystem.Part(name: name, lengths: length...length)
  }

  private static let onlyDigits = IndicatorRejection(.characters, "The number has only digits.")

  /// The sum of the digits by weights 3, 7 and 1 is a multiple of 10; the first two digits are a Federal Reserve district, a thrift, an
  /// electronic network, or traveller's cheques (ABA Routing Number Policy).
  private static func american(_ number: [UInt8]) -> IndicatorRejection? {
    guard number.allSatisfy(ASCII.isDigit) else { return onlyDigits }
    let district = Int(number[0] & 0x0F) * 10 + Int(number[1] & 0x0F)
    guard (1...12).contains(district) || (21...32).contains(district) || (61...72).contains(district) || district == 80
    else {
      return IndicatorRejection(.structure, "A routing number does not begin so (ABA Routing Number Policy).")
    }
    guard CheckDigits.weighted(number, [3, 7, 1, 3, 7, 1, 3, 7, 1], modulo: 10) == 0 else {
      return IndicatorRejection(.checkDigits, "The check digit does not fit: weights 3, 7 and 1, modulo 10 (ABA).")
    }
    return nil
  }

  /// Payments Canada, Standard 005: 0, three digits of the institution, five of the transit.
  private static func canadian(_ number: [UInt8]) -> IndicatorRejection? {
    guard number.allSatisfy(ASCII.isDigit) else { return onlyDigits }
    return number[0] == UInt8(ascii: "0")
      ? nil : IndicatorRejection(.structure, "A Canadian routing number begins with 0 (Payments Canada, Standard 005).")
  }

  private static func indian(_ code: [UInt8]) -> IndicatorRejection? {
    code.prefix(4).allSatisfy(ASCII.isUpperCase) && code[4] == UInt8(ascii: "0")
      ? nil : IndicatorRejection(.structure, "An IFSC is four letters of the bank, 0, and six of the branch (RBI).")
  }

  /// Weights 3, 7 and 1 over 17 digits, each product modulo 10; the last digit brings the sum to a multiple of 10 (Banco de México).
  private static func mexican(_ number: [UInt8]) -> IndicatorRejection? {
    guard number.allSatisfy(ASCII.isDigit) else { return onlyDigits }
    let weights = (0..<17).map { [3, 7, 1][$0 % 3] }
    let sum = CheckDigits.weighted(number, weights, modulo: 10)
    return (10 - sum) % 10 == Int(number[17] & 0x0F)
      ? nil : IndicatorRejection(.checkDigits, "The last digit does not fit: weights 3, 7 and 1, modulo 10 (CLABE).")
  }

  /// Two blocks, of 8 and of 14 digits, each with its own check digit (Banco Central de la República Argentina).
  private static func argentine(_ number: [UInt8]) -> IndicatorRejection? {
    guard number.allSatisfy(ASCII.isDigit) else { return onlyDigits }
    func isRight(_ block: ArraySlice<UInt8>) -> Bool {
      let weights = [3, 1, 7, 9]
      let sum = block.dropLast().reversed().enumerated().reduce(0) { $0 + Int($1.1 & 0x0F) * weights[$1.0 % 4] }
      return (10 - sum % 10) % 10 == Int((block.last ?? 0) & 0x0F)
    }
    return isRight(number[..<8]) && isRight(number[8...])
      ? nil : IndicatorRejection(.checkDigits, "A check digit does not fit: weights 9, 7, 1 and 3, modulo 10 (CBU).")
  }
}
