internal import Crypto

/// A SHA-256 value: the name of a signed object, of a delta, or of a live digest. Always 32 bytes.
public struct ObjectHash: Sendable, Hashable, Comparable, CustomStringConvertible {
  public static let byteCount = 32

  public let bytes: [UInt8]

  /// Returns nil unless there are exactly 32 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    let copy = Array(bytes)
    guard copy.count == Self.byteCount else { return nil }
    self.bytes = copy
  }

  /// The plain SHA-256 (FIPS 180-4) of the parts, one after the other.
  public init(sha256 parts: [UInt8]...) {
    var hasher = SHA256()
    for part in parts { hasher.update(data: part) }
    bytes = Array(hasher.finalize())
  }

  /// Returns nil unless the text is 64 hexadecimal digits.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hexadecimal.decode(hex) else { return nil }
    self.init(bytes)
  }

  public var hex: String { Hexadecimal.encode(bytes) }
  public var description: String { hex }

  public static func < (left: ObjectHash, right: ObjectHash) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
