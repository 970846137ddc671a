/// `wallet-handle`: a name under which a wallet is paid, `SCHEME|HANDLE`.
///
/// The canonical form is lower case, without the sign that the wallet's own application shows before it. The same name in two wallets
/// is two identifiers; Cash App's names are scoped to their market.
enum WalletHandleRule: IndicatorRule {
  static let type = IndicatorType.walletHandle
  static let normaliser: UInt8 = 1
  static let source = "each wallet's own rules for names"
  static let form = "SCHEME|HANDLE, such as cashapp-us|NAME or venmo|NAME"

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let (scheme, handle) = try ScopedText.split(text, form: form)
    var name = handle
    // Signs are one or two bytes of UTF-8.
    for sign in WalletScheme.signs(of: scheme) where name.starts(with: sign.utf8) {
      name = name.dropFirst(sign.utf8.count)
      break
    }
    guard !name.isEmpty else { throw IndicatorRejection(.empty, "The handle after the '|' is missing.") }
    let lower = name.map(ASCII.lowerCased)
    let rule = WalletScheme.rule(of: scheme)
    guard lower.allSatisfy({ ASCII.isDigit($0) || ASCII.isLowerCase($0) || rule.others.utf8.contains($0) }) else {
      let others = rule.others.isEmpty ? "" : " and \(rule.others.map(String.init).joined(separator: " "))"
      throw IndicatorRejection(.characters, "A handle of \(scheme) has only letters, digits\(others).")
    }
    guard rule.lengths.contains(lower.count) else {
      throw IndicatorRejection(
        .length, "A handle of \(scheme) has \(rule.lengths.lowerBound) to \(rule.lengths.upperBound) characters.")
    }
    guard !rule.needsLetter || lower.contains(where: ASCII.isLowerCase) else {
      throw IndicatorRejection(.structure, "A handle of \(scheme) has at least one letter.")
    }
    return (scheme, "\(scheme)|\(String(decoding: lower, as: UTF8.self))")
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 9, "names that people choose")
  }
}
