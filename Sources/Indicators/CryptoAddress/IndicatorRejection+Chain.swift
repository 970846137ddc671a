extension IndicatorRejection {
  static func unsupported(chain: String, sign: String) -> IndicatorRejection {
    IndicatorRejection(
      .unsupportedChain,
      "It looks like \(chain) (\(sign)); chains supported: \(CryptoAddressRule.chains.joined(separator: ", ")).")
  }

  static func testNetwork(chain: String, sign: String) -> IndicatorRejection {
    IndicatorRejection(.testNetwork, "It is an address of a test network of \(chain) (\(sign)); nothing is paid there.")
  }

  /// For a text whose checksum is right and whose content the chain does not have.
  static func wrongContent(_ chain: String) -> IndicatorRejection {
    IndicatorRejection(
      .structure, "The checksum is right, but length or kind of the content is not one of \(chain)'s addresses.")
  }
}
