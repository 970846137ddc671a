/// `phone-wallet`: a telephone number under which a mobile wallet is paid, `SCHEME|+NUMBER`.
///
/// The canonical form is the wallet, `+`, the country calling code and the national number without its trunk zero (ITU-T E.164). The same
/// number in two wallets is two identifiers. Numbers are given to others when they are given up: such listings end early.
enum PhoneWalletRule: ByteRule {
  static let type = IndicatorType.phoneWallet
  static let normaliser: UInt8 = 1
  static let source = "ITU-T E.164 and the national numbering plans"
  static let form = "SCHEME|+ and the number with its country calling code, such as swish|+46 and nine digits"

  private static let mostDigits = 15
  private static let zero = UInt8(ascii: "0")

  /// Countries whose numbers begin with a 0 that is part of them: Benin, Côte d'Ivoire, Congo, Gabon, Italy with the Vatican, and
  /// San Marino.
  private static let keepsZero: Set<Int> = [229, 225, 242, 241, 39, 378]

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try ScopedText.split(text, to: &form, written: Self.form)
    let written = text.extracting(range)
    form.append(UInt8(ascii: "+"))
    let start = form.count
    try appendDigits(written, to: &form)
    guard form.count - start <= mostDigits else {
      throw IndicatorRejection(.length, "A number has at most 15 digits with its country calling code (ITU-T E.164).")
    }
    guard let (code, width) = form.value({ callingCode($0.extracting($0.from(start))) }) else {
      throw IndicatorRejection(.unsupportedCountry, "It begins with no country calling code (ITU-T E.164).")
    }
    try national(from: start + width, of: &form, code: code, hadTrunk: written.contains(UInt8(ascii: "(")))
  }

  /// All digits after `+` or `00`.
  private static func appendDigits(
    _ written: Span<UInt8>, to form: inout CanonicalForm
  ) throws(IndicatorRejection) {
    let start: Int
    if written.first == UInt8(ascii: "+") {
      start = 1
    } else if written.count >= 2, written[0] == zero, written[1] == zero {
      start = 2
    } else {
      throw IndicatorRejection(
        .structure,
        "A number is written with + and its country calling code; without it, it is many countries' (ITU-T E.164).")
    }
    for index in start..<written.count {
      let byte = written[index]
      if ASCII.isDigit(byte) {
        form.append(byte)
      } else if !" -./()".utf8.contains(byte) {
        throw IndicatorRejection(.characters, "A telephone number has only digits (ITU-T E.164).")
      }
    }
  }

  /// The country calling code that the digits begin with. Codes are prefix-free, so at most one fits.
  private static func callingCode(_ digits: Span<UInt8>) -> (code: Int, width: Int)? {
    var code = 0
    guard digits.first != zero else { return nil }
    for index in 0..<min(3, digits.count) {
      code = code * 10 + Int(digits[index] - zero)
      if CallingCodes.lengths(after: code) != 0 { return (code, index + 1) }
    }
    return nil
  }

  /// Brings the national number, which stands at the end of the form from a place on, into its one spelling.
  private static func national(
    from start: Int, of form: inout CanonicalForm, code: Int, hadTrunk: Bool
  ) throws(IndicatorRejection) {
    if form.value({ $0.extracting($0.from(start)).first }) == zero, !keepsZero.contains(code) {
      guard hadTrunk else {
        throw IndicatorRejection(
          .structure, "After +\(code) stands no 0: it is only dialled within the country (ITU-T E.164).")
      }
      form.remove(start..<start + 1)
    }
    // Until 2019 Mexican mobiles were dialled from abroad with a 1 that is not part of the number.
    if code == 52, form.count - start == 11, form.value({ $0[start] }) == UInt8(ascii: "1") {
      form.remove(start..<start + 1)
    }
    let (count, lengths) = (form.count - start, CallingCodes.lengths(after: code))
    guard count < UInt32.bitWidth, lengths >> UInt32(count) & 1 == 1 else {
      throw IndicatorRejection(.length, "A number after +\(code) has another length (the country's numbering plan).")
    }
    guard form.value({ $0.extracting($0.from(start)).contains { $0 != zero } }) else {
      throw IndicatorRejection(.allZero, "Only zeros are a filler, not a number.")
    }
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 9, "telephone numbers of one country")
  }
}
