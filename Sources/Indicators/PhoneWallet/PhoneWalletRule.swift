/// `phone-wallet`: a telephone number under which a mobile wallet is paid, `SCHEME|+NUMBER`.
///
/// The canonical form is the wallet, `+`, the country calling code and the national number without its trunk zero (ITU-T E.164). The same
/// number in two wallets is two identifiers. Numbers are given to others when they are given up: such listings end early.
enum PhoneWalletRule: IndicatorRule {
  static let type = IndicatorType.phoneWallet
  static let normaliser: UInt8 = 1
  static let source = "ITU-T E.164 and the national numbering plans"
  static let form = "SCHEME|+ and the number with its country calling code, such as swish|+46 and nine digits"

  private static let mostDigits = 15
  private static let zero = UInt8(ascii: "0")

  /// Countries whose numbers begin with a 0 that is part of them: Benin, Côte d'Ivoire, Congo, Gabon, Italy with the Vatican, and
  /// San Marino.
  private static let keepsZero: Set<Int> = [229, 225, 242, 241, 39, 378]

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let (scheme, written) = try ScopedText.split(text, form: form)
    let digits = try digits(written)
    guard let (code, national) = split(digits) else {
      throw IndicatorRejection(.unsupportedCountry, "It begins with no country calling code (ITU-T E.164).")
    }
    let number = try self.national(national, code: code, hadTrunk: written.contains(UInt8(ascii: "(")))
    return (scheme, "\(scheme)|+\(code)\(String(decoding: number, as: UTF8.self))")
  }

  /// All digits after `+` or `00`, `(0)` left out.
  private static func digits(_ written: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    var text = written
    if text.first == UInt8(ascii: "+") {
      text = text.dropFirst()
    } else if text.starts(with: "00".utf8) {
      text = text.dropFirst(2)
    } else {
      throw IndicatorRejection(
        .structure,
        "A number is written with + and its country calling code; without it, it is many countries' (ITU-T E.164).")
    }
    guard text.allSatisfy({ ASCII.isDigit($0) || " -./()".utf8.contains($0) }) else {
      throw IndicatorRejection(.characters, "A telephone number has only digits (ITU-T E.164).")
    }
    let digits = text.filter(ASCII.isDigit)
    guard digits.count <= mostDigits else {
      throw IndicatorRejection(.length, "A number has at most 15 digits with its country calling code (ITU-T E.164).")
    }
    return digits
  }

  /// Country calling codes are prefix-free, so at most one fits.
  private static func split(_ digits: [UInt8]) -> (code: Int, national: ArraySlice<UInt8>)? {
    var code = 0
    guard digits.first != zero else { return nil }
    for (count, digit) in digits.prefix(3).enumerated() {
      code = code * 10 + Int(digit - zero)
      if CallingCodes.lengths[code] != nil { return (code, digits[(count + 1)...]) }
    }
    return nil
  }

  private static func national(
    _ written: ArraySlice<UInt8>, code: Int, hadTrunk: Bool
  ) throws(IndicatorRejection) -> ArraySlice<UInt8> {
    var number = written
    if number.first == zero, !keepsZero.contains(code) {
      guard hadTrunk else {
        throw IndicatorRejection(
          .structure, "After +\(code) stands no 0: it is only dialled within the country (ITU-T E.164).")
      }
      number.removeFirst()
    }
    // Until 2019 Mexican mobiles were dialled from abroad with a 1 that is not part of the number.
    if code == 52, number.count == 11, number.first == UInt8(ascii: "1") { number.removeFirst() }
    let lengths = CallingCodes.lengths[code, default: 0]
    guard number.count < UInt32.bitWidth, lengths >> UInt32(number.count) & 1 == 1 else {
      throw IndicatorRejection(.length, "A number after +\(code) has another length (the country's numbering plan).")
    }
    guard number.contains(where: { $0 != zero }) else {
      throw IndicatorRejection(.allZero, "Only zeros are a filler, not a number.")
    }
    return number
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 9, "telephone numbers of one country")
  }
}
