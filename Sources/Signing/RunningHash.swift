internal import Crypto

/// SHA-256 of what comes piece by piece: a file larger than memory.
public struct RunningHash: Sendable {
  private var hasher = SHA256()

  public init() {}

  public mutating func take(_ bytes: some Sequence<UInt8>) { hasher.update(data: Array(bytes)) }

  /// Of all that was taken so far, hexadecimal.
  public var hex: String { Hexadecimal.encode(hasher.finalize()) }
}
