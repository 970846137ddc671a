/// `upi-vpa`: a virtual payment address of India's Unified Payments Interface, `NAME@HANDLE`.
///
/// The canonical form is lower case. Letter case does not count, and nothing else is changed: one account may have many
/// addresses, and each is an identifier of its own.
enum UPIVPARule: ByteRule {
  static let type = IndicatorType.upiVPA
  static let normaliser: UInt8 = 1
  static let source = "NPCI, UPI procedural guidelines and the linking specification"
  static let form = "NAME@HANDLE, such as shop.example@upi"

  private static let sign = UInt8(ascii: "@")
  private static let nameLengths = 2...256
  private static let handleLengths = 2...64

  static func canonicalise(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let range = try BoundedText.range(of: text)
    let bytes = text.extracting(range)
    guard let at = bytes.firstIndex(of: sign), !bytes.extracting(at + 1..<bytes.count).contains(sign) else {
      throw IndicatorRejection(.separator, "A UPI address has exactly one '@' between name and handle.")
    }
    let name = bytes.extracting(0..<at)
    let handle = bytes.extracting(at + 1..<bytes.count)
    guard name.allSatisfy(isInName) else {
      throw IndicatorRejection(.characters, "The name of a UPI address has only letters, digits, '.', '-' and '_'.")
    }
    guard !handle.contains(UInt8(ascii: ".")) else {
      throw IndicatorRejection(.structure, "The handle of a UPI address has no '.'; with one it is an e-mail address.")
    }
    guard handle.allSatisfy(ASCII.isAlphanumeric), let first = handle.first, !ASCII.isDigit(first) else {
      throw IndicatorRejection(
        .characters, "The handle of a UPI address, after the '@', has letters and digits and begins with a letter.")
    }
    guard nameLengths.contains(name.count), handleLengths.contains(handle.count) else {
      throw IndicatorRejection(.length, "The name has 2 to 256 characters, the handle 2 to 64.")
    }
    for index in bytes.indices { form.append(ASCII.lowerCased(bytes[index])) }
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: ASCII.isAlphanumeric(byte)
    }
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 11, "Indian mobile numbers under the handles in use")
  }
}
