/// `upi-vpa`: a virtual payment address of India's Unified Payments Interface, `NAME@HANDLE`.
///
/// The canonical form is lower case. Letter case does not count, and nothing else is changed: one account may have many
/// addresses, and each is an identifier of its own.
enum UPIVPARule: IndicatorRule {
  static let type = IndicatorType.upiVPA
  static let normaliser: UInt8 = 1
  static let source = "NPCI, UPI procedural guidelines and the linking specification"
  static let form = "NAME@HANDLE, such as shop.example@upi"

  private static let nameLengths = 2...256
  private static let handleLengths = 2...64

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let bytes = try BoundedText(text).bytes
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw IndicatorRejection(.separator, "A UPI address has exactly one '@' between name and handle.")
    }
    guard parts[0].allSatisfy({ ASCII.isAlphanumeric($0) || "._-".utf8.contains($0) }) else {
      throw IndicatorRejection(.characters, "The name of a UPI address has only letters, digits, '.', '-' and '_'.")
    }
    guard !parts[1].contains(UInt8(ascii: ".")) else {
      throw IndicatorRejection(.structure, "The handle of a UPI address has no '.'; with one it is an e-mail address.")
    }
    guard parts[1].allSatisfy(ASCII.isAlphanumeric), let first = parts[1].first, !ASCII.isDigit(first) else {
      throw IndicatorRejection(
        .characters, "The handle of a UPI address, after the '@', has letters and digits and begins with a letter.")
    }
    guard nameLengths.contains(parts[0].count), handleLengths.contains(parts[1].count) else {
      throw IndicatorRejection(.length, "The name has 2 to 256 characters, the handle 2 to 64.")
    }
    return ("", String(decoding: bytes.map(ASCII.lowerCased), as: UTF8.self))
  }

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 11, "Indian mobile numbers under the handles in use")
  }
}
