/// Sorts addresses in Base58 by what their bytes say: chain by length and version, after the checksum.
enum Base58Address {
  /// Version and hash of 20 bytes, without the checksum.
  private static let payloadLength = 21

  private static let addressLength = payloadLength + Base58.checksumLength

  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> (chain: String, value: [UInt8]) {
    if text.first == UInt8(ascii: "r"), XRPAddress.account(text) != nil { return (XRPAddress.chain, text) }
    if MoneroAddress.hasForm(text) { return (MoneroAddress.chain, try MoneroAddress.parse(text)) }
    guard text.allSatisfy(Base58.isDigit) else {
      throw IndicatorRejection(
        .characters, "A character is not in the alphabet of Base58, which has no 0, O, I and l (Base58Check).")
    }
    guard let bytes = Base58.decode(text) else {
      throw IndicatorRejection(.length, "It is longer than any address in Base58 that is known here.")
    }
    // No checksum guards a public key of Solana; only its length says what it is.
    if bytes.count == 32 {
      guard bytes.contains(where: { $0 != 0 }) else {
        throw IndicatorRejection(.allZero, "Only ones are Solana's own system program, to which nothing is paid.")
      }
      // Of a public key's 43 or 44 digits some are of either case; another chain's mistyped address may be of one.
      guard text.contains(where: ASCII.isUpperCase), text.contains(where: ASCII.isLowerCase) else {
        throw IndicatorRejection(
          .mixedCase, "A Solana address has letters of both cases; this is another chain's address, mistyped.")
      }
      return ("solana", text)
    }
    if let zcash = try ZcashAddress.transparent(bytes) { return (zcash, text) }
    guard bytes.count == addressLength, let version = bytes.first else {
      throw IndicatorRejection(
        .length,
        "It holds \(bytes.count) bytes; an address in Base58Check holds \(addressLength), one of Solana 32.")
    }
    guard Base58.hasChecksum(bytes) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (Base58Check, SHA-256 twice).")
    }
    let sign = "Base58Check version \(version)"
    switch Base58Network(version: version) {
    case .chain(let chain): return (chain, text)
    case .test(let chain): throw .testNetwork(chain: chain, sign: sign)
    case .unknown: throw .unsupported(chain: "a chain that is unknown here", sign: sign)
    }
  }
}
