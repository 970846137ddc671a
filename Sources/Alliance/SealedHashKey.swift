internal import FoundationEssentials
public import Wire

/// A hash key's nonce and bytes, sealed to one member (HPKE, RFC 9180).
public struct SealedHashKey: Sendable, Hashable {
  public let recipient: CoalitionID
  public let keyEpoch: UInt32
  public let encapsulatedKey: [UInt8]
  public let ciphertext: [UInt8]

  public init(recipient: CoalitionID, keyEpoch: UInt32, encapsulatedKey: [UInt8], ciphertext: [UInt8]) {
    self.recipient = recipient
    self.keyEpoch = keyEpoch
    self.encapsulatedKey = encapsulatedKey
    self.ciphertext = ciphertext
  }

  /// Nil if the recipient is no coalition id or the sizes are impossible.
  public init?(_ wire: WireSealedHashKey) {
    guard let recipient = CoalitionID(wire.recipient), wire.keyEpoch >= 1, wire.encapsulatedKey.count == 32,
      wire.ciphertext.count == 80
    else { return nil }
    self.init(
      recipient: recipient, keyEpoch: wire.keyEpoch, encapsulatedKey: Array(wire.encapsulatedKey),
      ciphertext: Array(wire.ciphertext))
  }

  public var wire: WireSealedHashKey {
    var wire = WireSealedHashKey()
    wire.recipient = recipient.rawValue
    wire.keyEpoch = keyEpoch
    wire.encapsulatedKey = Data(encapsulatedKey)
    wire.ciphertext = Data(ciphertext)
    return wire
  }
}
