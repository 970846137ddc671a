/// The rule of one country's register: how many digits, which letters before them, and the check digit.
struct CompanyRegister: Sendable {
  /// The register's own name for the number.
  let name: String
  /// Letters that a number begins with; empty for none. People may leave them out if there is only one choice.
  var prefixes: [String] = []
  /// Whether the prefix is part of the canonical form.
  var keepsPrefix = true
  let digits: ClosedRange<Int>
  /// How many digits follow a prefix, if that is another count than without one.
  var digitsAfterPrefix: Int?
  /// Whether leading zeros that people leave out are put back, up to the full length.
  var pads = false
  /// Why the digits are not right; nil if they are.
  var fault: @Sendable ([UInt8]) -> IndicatorRejection? = { _ in nil }

  /// For a register whose numbers are not just digits: the canonical form of letters and digits in upper case.
  var form: (@Sendable ([UInt8]) throws(IndicatorRejection) -> [UInt8])?

  func canonical(_ written: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    if let form { return try form(written) }
    let prefix = prefixes.first { written.starts(with: $0.utf8) }
    var digits = Array(written.dropFirst(prefix?.utf8.count ?? 0))
    guard digits.allSatisfy(ASCII.isDigit) else {
      throw IndicatorRejection(.structure, "\(name) has \(described).")
    }
    let counts = prefix == nil ? self.digits : digitsAfterPrefix.map { $0...$0 } ?? self.digits
    if pads, digits.count < counts.upperBound {
      digits = Array(repeating: UInt8(ascii: "0"), count: counts.upperBound - digits.count) + digits
    }
    guard counts.contains(digits.count) else {
      throw IndicatorRejection(.length, "\(name) has \(described), this one \(digits.count).")
    }
    if let fault = fault(digits) { throw fault }
    return keepsPrefix ? Array((prefix ?? "").utf8) + digits : digits
  }

  private var described: String {
    let count =
      digits.lowerBound == digits.upperBound ? "\(digits.upperBound)" : "\(digits.lowerBound) to \(digits.upperBound)"
    return prefixes.isEmpty
      ? "\(count) digits" : "\(count) digits, before them perhaps \(prefixes.joined(separator: ", "))"
  }

  /// The rejection of wrong check digits.
  static func wrong(_ rule: String) -> IndicatorRejection {
    IndicatorRejection(.checkDigits, "The check digit does not fit the rest: \(rule).")
  }

  static func when(
    _ isRight: @escaping @Sendable ([UInt8]) -> Bool, else rule: String
  ) -> @Sendable ([UInt8]) -> IndicatorRejection? {
    { digits in isRight(digits) ? nil : wrong(rule) }
  }
}
