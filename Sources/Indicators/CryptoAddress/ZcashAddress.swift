/// Zcash addresses in Bech32: shielded ones of Sapling (`zs1`), and unified ones (`u1`, ZIP-316), which hold one
/// receiver or more that are mixed by F4Jumble, so that a changed character damages all of them.
///
/// The canonical form is lower case. A receiver inside a unified address is not compared with the same receiver alone.
enum ZcashAddress {
  static let chain = "zcash"
  static let unifiedPrefix = "u"

  /// Diversifier of 11 bytes and key of 32.
  static let saplingLength = 43

  private static let paddingLength = 16
  private static let leastLength = 48

  /// Bytes of a receiver by its type: key, script, Sapling, Orchard. Others are for later and may have any length.
  private static let receiverLengths: [UInt8: Int] = [0: 20, 1: 20, 2: 43, 3: 43]

  static func validate(unified text: Bech32) throws(IndicatorRejection) {
    guard text.checksum == .bech32m else {
      throw IndicatorRejection(.checksum, "A unified address takes the checksum of BIP-350 (ZIP-316).")
    }
    guard let mixed = text.bytes, mixed.count >= leastLength else { throw .wrongContent(chain) }
    let bytes = unmixed(mixed)
    let padding = Array(unifiedPrefix.utf8) + [UInt8](repeating: 0, count: paddingLength - unifiedPrefix.utf8.count)
    guard bytes.suffix(paddingLength) == padding[...] else {
      throw IndicatorRejection(.checksum, "The padding behind the receivers is wrong (ZIP-316).")
    }
    guard hasReceivers(bytes.dropLast(paddingLength)) else { throw .wrongContent(chain) }
  }

  /// Types in rising order, at least one of them shielded, and never key and script together (ZIP-316).
  private static func hasReceivers(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    var types: [UInt8] = []
    while let type = rest.popFirst() {
      // Numbers from 253 on take more bytes; no type and no length needs them here.
      guard type < 253, let length = rest.popFirst(), length < 253, rest.count >= length else { return false }
      guard receiverLengths[type].map({ $0 == length }) ?? true, types.last.map({ $0 < type }) ?? true else {
        return false
      }
      types.append(type)
      rest = rest.dropFirst(Int(length))
    }
    return types.contains { $0 > 1 } && !(types.contains(0) && types.contains(1))
  }

  /// The inverse of F4Jumble (ZIP-316).
  private static func unmixed(_ bytes: [UInt8]) -> [UInt8] {
    let leftLength = min(64, bytes.count / 2)
    var left = Array(bytes[..<leftLength])
    var right = Array(bytes[leftLength...])
    for round in [UInt8(1), 0] {
      left = exclusiveOr(
        left, Blake2b.hash(right, length: leftLength, personal: Array("UA_F4Jumble_H".utf8) + [round, 0, 0]))
      var stream: [UInt8] = []
      var block: UInt8 = 0
      while stream.count < right.count {
        stream += Blake2b.hash(left, length: 64, personal: Array("UA_F4Jumble_G".utf8) + [round, block, 0])
        block += 1
      }
      right = exclusiveOr(right, stream)
    }
    return left + right
  }

  private static func exclusiveOr(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { zip(left, right).map { $0 ^ $1 } }
}
