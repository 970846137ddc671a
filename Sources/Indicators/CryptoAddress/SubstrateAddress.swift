/// An address of Polkadot or Kusama (SS58): network number, key of 32 bytes, and two bytes of BLAKE2b, in Base58.
///
/// The canonical form is the text itself. One key has another address on every network, and those stay apart.
enum SubstrateAddress {
  private static let length = 35
  private static let checksumLength = 2
  private static let salt = Array("SS58PRE".utf8)
  private static let chains: [UInt8: String] = [0: "polkadot", 2: "kusama"]

  /// The generic number, which the test networks use.
  private static let generic: UInt8 = 42

  /// The chain, or nil when the bytes are not of this form.
  static func chain(_ bytes: [UInt8]) throws(IndicatorRejection) -> String? {
    // From 64 a network number has two bytes; none of those is known here.
    guard bytes.count == length, let network = bytes.first, network < 64 else { return nil }
    let hash = Blake2b.hash(salt + bytes.dropLast(checksumLength), length: 64)
    guard hash.prefix(checksumLength).elementsEqual(bytes.suffix(checksumLength)) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (SS58, BLAKE2b).")
    }
    if let chain = chains[network] { return chain }
    guard network != generic else { throw .testNetwork(chain: "Polkadot", sign: "SS58 network 42, or no network") }
    throw .unsupported(chain: "a chain that is unknown here", sign: "SS58 network \(network)")
  }
}
