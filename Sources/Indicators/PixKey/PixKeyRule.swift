/// `pix-key`: a key of Brazil's Pix, `cpf|`, `cnpj|`, `phone|`, `email|` or `evp|` and its value.
///
/// Canonical: CPF 11 digits, CNPJ 14 letters and digits, phone `+55` and 10 or 11 digits, e-mail lower case, EVP the UUID in lower case. The
/// scheme is the kind. A key without its kind is taken if it can be only one: 11 digits can be a CPF and a mobile number.
/// A CPF is a natural person's number: list it only where a seller uses it as the key that he is paid by.
enum PixKeyRule: IndicatorRule {
  static let type = IndicatorType.pixKey
  static let normaliser: UInt8 = 1
  static let source =
    "Banco Central do Brasil, Manual Operacional do DICT; Receita Federal, IN 2.229/2024 for the CNPJ with letters"
  static let form = "cpf|, cnpj|, phone|, email| or evp| and the key"
  /// Any mail address and many telephone numbers could be one: it must be said that it is a Pix key.
  static let isGuessed = false

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let bytes = try BoundedText(text).bytes
    guard let bar = bytes.firstIndex(of: UInt8(ascii: "|")) else { return try guess(bytes) }
    let name = String(decoding: bytes[..<bar].map(ASCII.lowerCased), as: UTF8.self).filter { $0 != " " }
    guard let kind = PixKeyKind(rawValue: name) else {
      throw IndicatorRejection(.structure, "The kinds of Pix keys are \(PixKeyKind.names).")
    }
    return (kind.rawValue, try kind.value(ASCII.trimmed(bytes[(bar + 1)...])))
  }

  private static func guess(_ bytes: [UInt8]) throws(IndicatorRejection) -> (scheme: String, value: String) {
    var readings: [(PixKeyKind, String)] = []
    var near: IndicatorRejection?
    for kind in PixKeyKind.allCases {
      do {
        readings.append((kind, try kind.value(bytes[...])))
      } catch {
        if error.isNear { near = error }
      }
    }
    guard let (kind, value) = readings.first else {
      throw near ?? IndicatorRejection(.unrecognised, "It is no Pix key of any kind: \(PixKeyKind.names).")
    }
    guard readings.count == 1 else {
      let kinds = readings.map { "\($0.0.rawValue)|" }.joined(separator: " and ")
      throw IndicatorRejection(.ambiguous, "It can be read as \(kinds): write the kind before the key.")
    }
    return (kind.rawValue, value)
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    switch PixKeyKind(rawValue: scheme) {
    case .evp: SearchSpace(order: 36, "random keys")
    case .cnpj: SearchSpace(order: 8, "companies, all of them in a public register")
    case .email: SearchSpace(order: 10, "e-mail addresses that were ever leaked")
    case .phone: SearchSpace(order: 10, "Brazilian telephone numbers")
    case .cpf, nil: SearchSpace(order: 9, "numbers with right check digits")
    }
  }
}
