import Crypto

/// The secret key of one key epoch, with which an alliance digests indicators.
///
/// Whoever holds it can test guesses against every digest, so it neither prints nor reflects its bytes. The bytes are
/// overwritten when the last copy goes.
public struct HashKey: Sendable {
  public static let byteCount = 32

  /// The key epoch, counted from 1. It implies the digest suite.
  public let epoch: UInt32

  let secret: SymmetricKey

  /// Nil unless there are exactly `byteCount` bytes and the epoch is at least 1.
  public init?(epoch: UInt32, bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes.prefix(Self.byteCount + 1))
    guard epoch >= 1, bytes.count == Self.byteCount else { return nil }
    self.epoch = epoch
    self.secret = SymmetricKey(data: bytes)
  }

  /// Lends the raw bytes, for sealing them to a member. Do not let the pointer escape.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try secret.withUnsafeBytes(body)
  }
}

extension HashKey: Hashable {
  /// Equal in epoch and bytes; the bytes are compared in constant time.
  public static func == (left: HashKey, right: HashKey) -> Bool {
    left.epoch == right.epoch && left.secret == right.secret
  }

  public func hash(into hasher: inout Hasher) {
    // The secret stays out: equal keys still hash equally, and no copy of it lingers in a hasher.
    hasher.combine(epoch)
  }
}

extension HashKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "hash key of epoch \(epoch) (bytes withheld)" }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["epoch": epoch], displayStyle: .struct) }
}
