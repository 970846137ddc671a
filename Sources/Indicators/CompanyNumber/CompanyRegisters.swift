/// The registers that there are rules for, by country (ISO 3166-1).
enum CompanyRegisters {
  static let all: [String: CompanyRegister] = [
    "AU": CompanyRegister(
      name: "An Australian business number", digits: 11,
      fault: CompanyRegister.when(isAustralian, else: "modulus 89 (Australian Business Register)")),
    "BE": CompanyRegister(
      name: "A Belgian enterprise number", prefixes: ["BE"], keepsPrefix: false, digits: 10, pads: true,
      fault: CompanyRegister.when(isBelgian, else: "97 less the remainder by 97 (Kruispuntbank van Ondernemingen)")),
    "CH": CompanyRegister(
      name: "A Swiss UID", prefixes: ["CHE"], keepsPrefix: false, digits: 9,
      fault: CompanyRegister.when(
        { check($0, [5, 4, 3, 2, 7, 6, 5, 4], modulo: 11) }, else: "modulus 11 (Swiss Federal Statistical Office)")),
    "CZ": CompanyRegister(
      name: "A Czech IČO", digits: 8, pads: true,
      fault: CompanyRegister.when(isCzech, else: "modulus 11 (Czech Statistical Office)")),
    "DE": CompanyRegister(name: "A German register number", digits: 1...6, form: GermanRegister.canonical),
    "DK": CompanyRegister(
      name: "A Danish CVR number", prefixes: ["DK"], keepsPrefix: false, digits: 8,
      fault: CompanyRegister.when(
        { CheckDigits.weighted($0, [2, 7, 6, 5, 4, 3, 2, 1], modulo: 11) == 0 && $0[0] != zero },
        else: "modulus 11 (Erhvervsstyrelsen)")),
    "EE": CompanyRegister(
      name: "An Estonian register code", digits: 8,
      fault: CompanyRegister.when(isEstonian, else: "modulus 11 in two steps (Äriregister)")),
    "FI": CompanyRegister(
      name: "A Finnish business ID", prefixes: ["FI"], keepsPrefix: false, digits: 8, pads: true,
      fault: CompanyRegister.when(
        { check($0, [7, 9, 10, 5, 8, 4, 2], modulo: 11) }, else: "modulus 11 (Patentti- ja rekisterihallitus)")),
    "FR": CompanyRegister(
      name: "A French SIREN", digits: 9,
      fault: CompanyRegister.when({ CheckDigits.isLuhn($0) }, else: "Luhn formula (INSEE)")),
    "GB": CompanyRegister(
      name: "A British company number",
      prefixes: [
        "SC", "NI", "OC", "SO", "NC", "FC", "SF", "NF", "LP", "SL", "NL", "GE", "IP", "SP", "RC", "SR", "RS", "CE",
      ],
      digits: 8...8, digitsAfterPrefix: 6, pads: true),
    "IT": CompanyRegister(
      name: "An Italian tax number of a company", prefixes: ["IT"], keepsPrefix: false, digits: 11,
      fault: italian),
    "LV": CompanyRegister(
      name: "A Latvian registration number", digits: 11, fault: latvian),
    "NL": CompanyRegister(name: "A Dutch KvK number", digits: 8),
    "NO": CompanyRegister(
      name: "A Norwegian organisation number", prefixes: ["NO"], keepsPrefix: false, digits: 9,
      fault: CompanyRegister.when(
        { check($0, [3, 2, 7, 6, 5, 4, 3, 2], modulo: 11) }, else: "modulus 11 (Brønnøysundregistrene)")),
    "PL": CompanyRegister(name: "A Polish KRS number", prefixes: ["KRS"], keepsPrefix: false, digits: 10, pads: true),
    "PT": CompanyRegister(
      name: "A Portuguese NIPC", prefixes: ["PT"], keepsPrefix: false, digits: 9, fault: portuguese),
    "SE": CompanyRegister(name: "A Swedish organisation number", digits: 10, fault: swedish),
    "US": CompanyRegister(name: "An American EIN", digits: 9),
  ]

  private static let zero = UInt8(ascii: "0")

  /// Eleven less the remainder of the weighted sum; 11 counts as 0, and 10 is never given out.
  private static func check(_ digits: [UInt8], _ weights: [Int], modulo: Int) -> Bool {
    let remainder = CheckDigits.weighted(digits, weights, modulo: modulo)
    guard let last = digits.last else { return false }
    return (remainder == 0 ? 0 : modulo - remainder) == Int(last - zero)
  }

  private static func isAustralian(_ digits: [UInt8]) -> Bool {
    guard let first = digits.first, first > zero else { return false }
    let weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
    return CheckDigits.weighted([first - 1] + digits.dropFirst(), weights, modulo: 89) == 0
  }

  private static func isBelgian(_ digits: [UInt8]) -> Bool {
    let number = digits.prefix(8).reduce(0) { $0 * 10 + Int($1 - zero) }
    let check = digits.suffix(2).reduce(0) { $0 * 10 + Int($1 - zero) }
    return digits[0] <= UInt8(ascii: "1") && check == 97 - number % 97
  }

  private static func isCzech(_ digits: [UInt8]) -> Bool {
    let remainder = CheckDigits.weighted(digits, [8, 7, 6, 5, 4, 3, 2], modulo: 11)
    return (11 - remainder) % 10 == Int(digits[7] - zero)
  }

  private static func isEstonian(_ digits: [UInt8]) -> Bool {
    var remainder = CheckDigits.weighted(digits, [1, 2, 3, 4, 5, 6, 7], modulo: 11)
    if remainder == 10 { remainder = CheckDigits.weighted(digits, [3, 4, 5, 6, 7, 8, 9], modulo: 11) % 10 }
    return remainder == Int(digits[7] - zero)
  }

  /// Seven digits of the company, three of the office that gave the number out, a check digit.
  private static func italian(_ digits: [UInt8]) -> IndicatorRejection? {
    let office = digits[7..<10].reduce(0) { $0 * 10 + Int($1 - zero) }
    guard (1...100).contains(office) || [120, 121, 888, 999].contains(office) else {
      return IndicatorRejection(.structure, "Digits 8 to 10 name no office of the Italian revenue agency.")
    }
    return CheckDigits.isLuhn(digits) ? nil : CompanyRegister.wrong("Luhn formula (Agenzia delle Entrate)")
  }

  /// Numbers of companies begin with 4, 5 or 9; others are persons' codes.
  private static func latvian(_ digits: [UInt8]) -> IndicatorRejection? {
    guard digits[0] > UInt8(ascii: "3") else {
      return IndicatorRejection(.structure, "A Latvian number that begins with 0 to 3 is a person's, not a company's.")
    }
    let isRight = CheckDigits.weighted(digits, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1], modulo: 11) == 3
    return isRight ? nil : CompanyRegister.wrong("modulus 11 (Uzņēmumu reģistrs)")
  }

  /// 5, 6 and 9 begin the numbers of legal persons, 8 of sole traders of old; 1 to 4 are natural persons.
  private static func portuguese(_ digits: [UInt8]) -> IndicatorRejection? {
    guard "5689".utf8.contains(digits[0]) else {
      return IndicatorRejection(
        .structure, "A Portuguese number of a company begins with 5, 6, 8 or 9; others are persons'.")
    }
    let remainder = CheckDigits.weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2], modulo: 11)
    return (remainder < 2 ? 0 : 11 - remainder) == Int(digits[8] - zero)
      ? nil : CompanyRegister.wrong("modulus 11 (Instituto dos Registos e do Notariado)")
  }

  /// The third digit tells a company from a person, whose number has the month of birth there. A sole trader's number is his own.
  private static func swedish(_ digits: [UInt8]) -> IndicatorRejection? {
    guard digits[2] >= UInt8(ascii: "2") else {
      return IndicatorRejection(
        .structure, "A Swedish number whose third digit is 0 or 1 is a person's number, not a company's (Bolagsverket)."
      )
    }
    return CheckDigits.isLuhn(digits) ? nil : CompanyRegister.wrong("Luhn formula (Bolagsverket)")
  }
}

extension CompanyRegister {
  init(
    name: String, prefixes: [String] = [], keepsPrefix: Bool = true, digits: Int, pads: Bool = false,
    fault: @escaping @Sendable ([UInt8]) -> IndicatorRejection? = { _ in nil }
  ) {
    self.init(
      name: name, prefixes: prefixes, keepsPrefix: keepsPrefix, digits: digits...digits, pads: pads, fault: fault)
  }
}
