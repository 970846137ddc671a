/// An address of Cardano since Shelley (CIP-19): a header byte and hashes of 28 bytes, in Bech32.
///
/// The canonical form is lower case. Stake addresses are refused: they collect rewards and nobody can pay to them.
enum CardanoAddress {
  static let chain = "cardano"

  private static let hashLength = 28
  private static let mainNetwork: UInt8 = 1
  private static let continuation: UInt8 = 0x80

  static func validate(_ bytes: [UInt8]) throws(IndicatorRejection) {
    guard let header = bytes.first else { throw .wrongContent(chain) }
    guard header & 15 == mainNetwork else {
      throw .testNetwork(chain: "Cardano", sign: "network number \(header & 15), CIP-19")
    }
    let rest = bytes.dropFirst()
    let fits =
      switch header >> 4 {
      case 0...3: rest.count == 2 * hashLength
      case 4, 5: rest.count > hashLength && isPointer(rest.dropFirst(hashLength))
      case 6, 7: rest.count == hashLength
      default: false
      }
    guard fits else { throw .wrongContent(chain) }
  }

  /// Three numbers of variable length, in which every byte but the last of a number has its highest bit set (CIP-19).
  private static func isPointer(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count { $0 < continuation } == 3 && bytes.last.map { $0 < continuation } == true
  }
}
