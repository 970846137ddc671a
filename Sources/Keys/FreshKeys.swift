public import Signing
public import Wire

/// Fresh keys and random bytes, from the system's generator.
public enum FreshKeys {
  public static func signingKey() throws(Problem) -> SigningKey { try SigningKey(seed: bytes(32)) }

  public static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}
