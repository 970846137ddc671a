import Crypto

/// Turns indicators into digests under one hash key, by suite 1: HMAC-SHA-256 (RFC 2104, FIPS 198-1).
public struct DigestFunction: Sendable {
  /// The suite that this function computes; the first byte of every message.
  public static let suite: UInt8 = 1

  /// The epoch of the key.
  public let keyEpoch: UInt32

  // The key is absorbed once; each digest starts from a copy of this state.
  private let keyed: HMAC<SHA256>

  public init(key: HashKey) {
    keyEpoch = key.epoch
    keyed = HMAC<SHA256>(key: key.secret)
  }

  public func digest(of indicator: Indicator) -> IndicatorDigest {
    var authentication = keyed
    authentication.update(data: Self.message(for: indicator))
    return IndicatorDigest(folding: authentication.finalize())
  }

  /// What is authenticated: suite (1 byte) ‖ type number (2, big-endian) ‖ normaliser version (1) ‖ scheme length (1) ‖
  /// scheme ‖ value length (2, big-endian) ‖ canonical value, both texts in UTF-8.
  ///
  /// Fixed fields and length prefixes make it injective: different indicators never share a message.
  public static func message(for indicator: Indicator) -> [UInt8] {
    let scheme = indicator.scheme.utf8
    let value = indicator.value.utf8
    var message: [UInt8] = []
    message.reserveCapacity(7 + scheme.count + value.count)
    message.append(suite)
    message.append(bigEndian: indicator.type.rawValue)
    message.append(indicator.normaliser)
    // An indicator's initialiser refuses longer texts, so clamping never changes a length.
    message.append(UInt8(clamping: scheme.count))
    message.append(contentsOf: scheme)
    message.append(bigEndian: UInt16(clamping: value.count))
    message.append(contentsOf: value)
    return message
  }
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian number: UInt16) {
    append(UInt8(truncatingIfNeeded: number >> 8))
    append(UInt8(truncatingIfNeeded: number))
  }
}
