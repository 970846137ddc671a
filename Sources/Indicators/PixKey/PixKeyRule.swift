/// `pix-key`: a key of Brazil's Pix, `cpf|`, `cnpj|`, `phone|`, `email|` or `evp|` and its value.
///
/// Canonical: CPF 11 digits, CNPJ 14 letters and digits, phone `+55` and 10 or 11 digits, e-mail lower case, EVP the UUID in lower case. The
/// scheme is the kind. A key without its kind is taken if it can be only one: 11 digits can be a CPF and a mobile number.
/// A CPF is a natural person's number: list it only where a seller uses it as the key that he is paid by.
enum PixKeyRule: ByteRule {
  static let type = IndicatorType.pixKey
  static let normaliser: UInt8 = 1
  static let source =
    "Banco Central do Brasil, Manual Operacional do DICT; Receita Federal, IN 2.229/2024 for the CNPJ with letters"
  static let form = "cpf|, cnpj|, phone|, email| or evp| and the key"
  /// Any mail address and many telephone numbers could be one: it must be said that it is a Pix key.
  static let isGuessed = false

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try BoundedText.range(of: text)
    let bytes = text.extracting(range)
    guard let bar = bytes.firstIndex(of: UInt8(ascii: "|")) else { return try guess(bytes, to: &form) }
    guard let kind = PixKeyKind(bytes.extracting(0..<bar)) else {
      throw IndicatorRejection(.structure, "The kinds of Pix keys are \(PixKeyKind.names).")
    }
    let key = bytes.extracting(bar + 1..<bytes.count)
    try kind.append(key.extracting(key.withoutSpaces), to: &form)
  }

  private static func guess(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    var readings: [PixKeyKind] = []
    var near: IndicatorRejection?
    for kind in PixKeyKind.allCases {
      do {
        try kind.append(text, to: &form)
        readings.append(kind)
      } catch {
        if error.isNear { near = error }
      }
    }
    guard let kind = readings.first else {
      throw near ?? IndicatorRejection(.unrecognised, "It is no Pix key of any kind: \(PixKeyKind.names).")
    }
    guard readings.count == 1 else {
      let kinds = readings.map { "\($0.rawValue)|" }.joined(separator: " and ")
      throw IndicatorRejection(.ambiguous, "It can be read as \(kinds): write the kind before the key.")
    }
    // What was tried after it has overwritten the form.
    try kind.append(text, to: &form)
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
