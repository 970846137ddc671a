/// `wallet-handle`: a name under which a wallet is paid, `SCHEME|HANDLE`.
///
/// The canonical form is lower case, without the sign that the wallet's own application shows before it. The same name in two wallets
/// is two identifiers; Cash App's names are scoped to their market.
enum WalletHandleRule: ByteRule {
  static let type = IndicatorType.walletHandle
  static let normaliser: UInt8 = 1
  static let source = "each wallet's own rules for names"
  static let form = "SCHEME|HANDLE, such as cashapp-us|NAME or venmo|NAME"

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try ScopedText.split(text, to: &form, written: Self.form)
    let wallet = form.scheme { WalletScheme($0) }
    let written = text.extracting(range)
    var handle = 0
    for sign in wallet.signs where written.starts(with: sign) {
      handle = sign.count
      break
    }
    let name = written.extracting(handle..<written.count)
    guard !name.isEmpty else { throw IndicatorRejection(.empty, "The handle after the '|' is missing.") }
    guard name.allSatisfy({ ASCII.isAlphanumeric($0) || wallet.others.utf8.contains($0) }) else {
      let others = wallet.others.isEmpty ? "" : " and \(wallet.others.map(String.init).joined(separator: " "))"
      throw IndicatorRejection(.characters, "A handle of \(form.texts.scheme) has only letters, digits\(others).")
    }
    guard wallet.lengths.contains(name.count) else {
      throw IndicatorRejection(
        .length,
        "A handle of \(form.texts.scheme) has \(wallet.lengths.lowerBound) to \(wallet.lengths.upperBound) characters.")
    }
    guard !wallet.needsLetter || name.contains(where: { !ASCII.isDigit($0) }) else {
      throw IndicatorRejection(.structure, "A handle of \(form.texts.scheme) has at least one letter.")
    }
    for index in name.indices { form.append(ASCII.lowerCased(name[index])) }
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 9, "names that people choose")
  }
}
