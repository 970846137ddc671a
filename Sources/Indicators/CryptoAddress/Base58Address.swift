/// Sorts addresses in Base58 by what their bytes say: chain by length and version, after the checksum.
enum Base58Address {
  /// Version and hash of 20 bytes, without the checksum.
  private static let payloadLength = 21

  private static let addressLength = payloadLength + Base58.checksumLength

  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> (chain: String, value: [UInt8]) {
    if let rejection = OtherChains.rejectionByText(text) { throw rejection }
    guard text.allSatisfy(Base58.isDigit) else {
      throw IndicatorRejection(
        .characters, "A character is not in the alphabet of Base58, which has no 0, O, I and l (Base58Check).")
    }
    guard let bytes = Base58.decode(text) else {
      throw IndicatorRejection(.length, "It is longer than any address in Base58 that is known here.")
    }
    if let rejection = OtherChains.rejectionByBytes(bytes) { throw rejection }
    guard bytes.count == addressLength, let version = bytes.first else {
      throw IndicatorRejection(
        .length, "It holds \(bytes.count) bytes; a Bitcoin or TRON address in Base58Check holds \(addressLength).")
    }
    guard Base58.hasChecksum(bytes) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (Base58Check, SHA-256 twice).")
    }
    let sign = "Base58Check version \(version)"
    switch Base58Network(version: version) {
    case .bitcoin: return ("bitcoin", text)
    case .tron: return (TronAddress.chain, text)
    case .unsupported(let chain): throw .unsupported(chain: chain, sign: sign)
    case .test(let chain): throw .testNetwork(chain: chain, sign: sign)
    case .unknown: throw .unsupported(chain: "a chain that is unknown here", sign: sign)
    }
  }
}
