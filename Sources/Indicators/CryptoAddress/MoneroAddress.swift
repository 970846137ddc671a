/// An address of Monero: network byte and two public keys, with a payment number of eight bytes in the integrated form,
/// and four bytes of Keccak-256.
///
/// Its Base58 works in blocks: eight bytes are eleven characters. An integrated address keeps its own form, because
/// the payment number is what tells the customers of one merchant apart.
enum MoneroAddress {
  static let chain = "monero"

  /// Characters of a plain address and of an integrated one.
  private static let lengths: Set<Int> = [95, 106]

  private static let blockLength = 11
  private static let blockByteCount = 8

  /// Bytes inside the last, shorter block, by its characters.
  private static let restByteCounts = [0: 0, 2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8]

  private static let checksumLength = 4

  private static let plain: Set<UInt8> = [18, 42]
  private static let integrated: UInt8 = 19
  private static let testNetworks: Set<UInt8> = [53, 54, 63, 24, 25, 36]

  /// Whether the length is Monero's; no other chain here has it in Base58, save Cardano's first addresses by chance.
  static func hasForm(_ text: [UInt8]) -> Bool {
    lengths.contains(text.count) && text.allSatisfy(Base58.isDigit)
  }

  static func validate(_ text: [UInt8]) throws(IndicatorRejection) {
    guard let bytes = decode(text), let network = bytes.first else {
      throw IndicatorRejection(
        .structure, "A block of eleven characters holds more than eight bytes (Monero's Base58).")
    }
    guard Array(Keccak256.hash(bytes.dropLast(checksumLength)).prefix(checksumLength)) == bytes.suffix(checksumLength)
    else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (Keccak-256, Monero).")
    }
    guard !testNetworks.contains(network) else {
      throw .testNetwork(chain: "Monero", sign: "network byte \(network)")
    }
    guard text.count == 95 ? plain.contains(network) : network == integrated else { throw .wrongContent(chain) }
  }

  private static func decode(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: text.count, by: blockLength) {
      let block = text[start..<min(start + blockLength, text.count)]
      guard let count = restByteCounts[block.count] else { return nil }
      var number: UInt64 = 0
      for character in block {
        guard let digit = Alphabet.bitcoin.value(character) else { return nil }
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: 58)
        let (sum, isOver) = product.addingReportingOverflow(UInt64(digit))
        guard !isTooLarge, !isOver else { return nil }
        number = sum
      }
      guard count == blockByteCount || number >> UInt64(8 * count) == 0 else { return nil }
      for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place))) }
    }
    return bytes
  }
}
