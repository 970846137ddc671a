extension IndicatorRejection {
  static func unsupported(chain: String, sign: String) -> IndicatorRejection {
    IndicatorRejection(
      .unsupportedChain,
      "It looks like \(chain) (\(sign)); chains with a rule: \(CryptoAddressRule.chains.joined(separator: ", ")).")
  }

  static func testNetwork(chain: String, sign: String) -> IndicatorRejection {
    IndicatorRejection(.testNetwork, "It is an address of a test network of \(chain) (\(sign)); nothing is paid there.")
  }
}
