internal import Glibc
public import Signing
public import Wire

/// Fresh keys and random bytes, from the system's generator.
public enum FreshKeys {
  public static func signingKey() throws(Problem) -> SigningKey { try SigningKey(seed: bytes(32)) }

  public static func bytes(_ count: Int) -> [UInt8] {
    // In one call of the system's generator: a byte at a time, a large delta's salts took longer than its hashes.
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      if let base = buffer.baseAddress { arc4random_buf(base, count) }
      filled = count
    }
  }
}
