/// Percent-encoding (RFC 3986, section 2.1) in the one spelling of section 6.2.2: letters, digits and `-._~` as
/// themselves, everything else that is encoded with upper-case digits.
enum PercentEncoding {
  private static let percent = UInt8(ascii: "%")
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// - Parameters:
  ///   - text: UTF-8 that may hold encoded bytes.
  ///   - signs: what stands as itself beside the unreserved characters; other bytes are encoded as RFC 3987, section
  ///     3.1, says for letters beyond ASCII and for the signs that a URI does not allow.
  static func normalised(
    _ text: ArraySlice<UInt8>, keeping signs: Set<UInt8>
  ) throws(IndicatorRejection) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      if byte == percent {
        guard let first = rest.popFirst(), let second = rest.popFirst(),
          let high = Hex.value(first), let low = Hex.value(second)
        else {
          throw IndicatorRejection(
            .characters, "A '%' is not followed by two hexadecimal digits (RFC 3986, section 2.1).")
        }
        let decoded = high << 4 | low
        if isUnreserved(decoded) { result.append(decoded) } else { append(encoding: decoded, to: &result) }
      } else if isUnreserved(byte) || signs.contains(byte) {
        result.append(byte)
      } else {
        append(encoding: byte, to: &result)
      }
    }
    return result
  }

  private static func append(encoding byte: UInt8, to result: inout [UInt8]) {
    result.append(percent)
    result.append(digits[Int(byte >> 4)])
    result.append(digits[Int(byte & 15)])
  }

  /// RFC 3986, section 2.3.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: ASCII.isAlphanumeric(byte)
    }
  }
}
