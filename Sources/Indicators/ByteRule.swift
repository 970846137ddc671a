/// A rule that works on bytes where they stand and writes into memory that is used again; reading text goes through the same code.
protocol ByteRule: IndicatorRule {
  /// Writes the canonical form of a text from outside. The canonical value must be a fixed point.
  /// - Parameter text: UTF-8, or what claims to be.
  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection)
}

extension ByteRule {
  static func write(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    try canonicalise(text, to: &form)
  }

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    var form = CanonicalForm()
    try canonicalise(text.utf8.span, to: &form)
    return form.texts
  }
}
