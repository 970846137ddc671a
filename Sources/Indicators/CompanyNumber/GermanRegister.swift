/// A number in a German commercial register: the court by its code, the kind of register, the number there.
///
/// Courts number on their own, so the court belongs to the number. It is written by the code that European identifiers of companies have
/// (XJustiz; Implementing Regulation (EU) 2021/1042, annex, point 9), such as `K1101R.HRB123456`, with or without `DE` before it.
/// Some courts put letters behind the number; they stay, because they are part of it.
enum GermanRegister {
  /// Companies, cooperatives, partnerships and associations.
  private static let kinds = ["HRA", "HRB", "GNR", "GSR", "PR", "VR"].map { Array($0.utf8) }

  /// A letter, four digits, and for most courts a letter more.
  private static let courtDigits = 1..<5
  private static let mostDigits = 6
  private static let mostLetters = 3

  /// - Parameter written: letters and digits in upper case, without separators.
  static func canonical(_ written: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    let text =
      written.starts(with: "DE".utf8) && written.count > 2 && ASCII.isLetter(written[2])
      ? Array(written.dropFirst(2)) : written
    guard text.count > courtDigits.upperBound, ASCII.isLetter(text[0]), text[courtDigits].allSatisfy(ASCII.isDigit)
    else {
      throw IndicatorRejection(
        .structure, "A German register number begins with the court's code, such as K1101R (XJustiz).")
    }
    for courtEnd in [courtDigits.upperBound, courtDigits.upperBound + 1] {
      guard let kind = kinds.first(where: { text.dropFirst(courtEnd).starts(with: $0) }) else { continue }
      let number = try number(text.dropFirst(courtEnd + kind.count))
      return Array(text[..<courtEnd]) + [UInt8(ascii: ".")] + kind + number
    }
    throw IndicatorRejection(
      .structure, "Behind the court stands the kind of register, HRA, HRB, GnR, GsR, PR or VR, then the number.")
  }

  /// Without leading zeros, with the letters that some courts put behind it.
  private static func number(_ text: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    let digits = text.prefix(while: ASCII.isDigit).drop { $0 == UInt8(ascii: "0") }
    let letters = text.drop(while: ASCII.isDigit)
    guard text.first.map(ASCII.isDigit) == true, digits.count <= mostDigits, letters.count <= mostLetters,
      letters.allSatisfy(ASCII.isLetter)
    else {
      throw IndicatorRejection(
        .structure, "A German register number has up to \(mostDigits) digits, behind them perhaps a court's letters.")
    }
    guard !digits.isEmpty else { throw IndicatorRejection(.allZero, "Only zeros are a filler, not a number.") }
    return Array(digits) + letters
  }
}
