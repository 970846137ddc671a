public import Signing
public import Wire

/// A signing key in its file: 32 bytes in hexadecimal, 0600.
public enum SigningKeyFile {
  public static func write(_ key: SigningKey, to path: String) throws(Problem) {
    try DurableFile.write(key.withSeed { Array((Hexadecimal.encode($0) + "\n").utf8) }, to: path)
  }

  public static func read(_ path: String) throws(Problem) -> SigningKey {
    try SigningKey(seed: HexFile.read(path, noun: "signing key"))
  }
}
