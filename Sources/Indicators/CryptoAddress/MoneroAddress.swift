/// An address of Monero: 69 bytes, or 77 with a payment id, in its own Base58 of blocks of 8 bytes, checked by Keccak-256.
///
/// The canonical form is the text as given: an integrated address stays apart from its standard address, because the payment id says for
/// whom it is.
enum MoneroAddress {
  static let chain = "monero"

  private static let blockLength = 8
  private static let blockDigits = 11
  /// How many digits a last block of so many bytes takes.
  private static let digitsOfBytes = [0, 2, 3, 5, 6, 7, 9, 10, 11]
  /// Standard, integrated and sub-addresses of the main network.
  private static let mainNetwork: [UInt8: Int] = [18: 69, 19: 77, 42: 69]
  private static let testNetworks: Set<UInt8> = [53, 54, 63, 24, 25, 36]

  static func hasForm(_ text: [UInt8]) -> Bool {
    (text.count == 95 || text.count == 106) && text.allSatisfy(Base58.isDigit)
  }

  /// The canonical form of a text that has the form.
  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    guard let bytes = decode(text), bytes.count > Base58.checksumLength else {
      throw IndicatorRejection(.structure, "A block of digits holds more than its 8 bytes (Monero's Base58).")
    }
    let payload = bytes.dropLast(Base58.checksumLength)
    guard Array(Keccak256.hash(payload).prefix(Base58.checksumLength)) == Array(bytes.suffix(Base58.checksumLength))
    else { throw IndicatorRejection(.checksum, "The checksum is wrong (Monero, Keccak-256).") }
    guard !testNetworks.contains(bytes[0]) else {
      throw .testNetwork(chain: "Monero", sign: "network byte \(bytes[0])")
    }
    guard mainNetwork[bytes[0]] == bytes.count else {
      throw IndicatorRejection(.structure, "The network byte and the length do not belong together (Monero).")
    }
    return text
  }

  private static func decode(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: text.count, by: blockDigits) {
      let digits = text[start..<min(start + blockDigits, text.count)]
      guard let length = digitsOfBytes.firstIndex(of: digits.count) else { return nil }
      var number: UInt64 = 0
      for digit in digits {
        guard let value = Alphabet.bitcoin.value(digit) else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: 58)
        let (sum, exceeds) = product.addingReportingOverflow(UInt64(value))
        guard !overflows, !exceeds else { return nil }
        number = sum
      }
      guard length == blockLength || number >> UInt64(length * 8) == 0 else { return nil }
      bytes += (0..<length).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
    }
    return bytes
  }
}
