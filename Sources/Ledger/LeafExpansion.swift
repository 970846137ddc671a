internal import CLibcrypto
public import Signing
internal import Wire

/// From a 32-byte leaf to the 2,048 bytes that are added to the lanes.
///
/// The ChaCha20 keystream (RFC 8439) with the leaf as key, counter 0 and the nonce `vaka/live/1` and a zero byte: about a
/// tenth of the time that SHAKE128 takes. swift-crypto has no door to the bare keystream, the system's libcrypto has.
public enum LeafExpansion {
  /// libcrypto takes the 32-bit little-endian counter and the 12-byte nonce as one 16-byte vector.
  private static let vector: [UInt8] = [0, 0, 0, 0] + Array("vaka/live/1".utf8) + [0]
  private static let zeroes = [UInt8](repeating: 0, count: LiveDigest.byteCount)

  /// - Throws: `Problem` `crypto-unavailable` if libcrypto has no ChaCha20 (a restricted provider).
  public static func expand(_ leaf: ObjectHash) throws -> [UInt8] {
    var stream: [UInt8] = []
    try each([leaf]) { lanes in
      stream = [UInt8](UnsafeRawBufferPointer(start: lanes, count: LiveDigest.byteCount))
    }
    return stream
  }

  /// Calls back with the expansion of each leaf in turn, as 1,024 little-endian lanes, valid during the call.
  /// - Throws: as `expand`.
  static func each(_ leaves: [ObjectHash], _ body: (UnsafePointer<UInt16>) -> Void) throws {
    guard let context = EVP_CIPHER_CTX_new() else { throw unavailable }
    defer { EVP_CIPHER_CTX_free(context) }
    guard EVP_EncryptInit_ex(context, EVP_chacha20(), nil, nil, nil) == 1 else { throw unavailable }
    try withUnsafeTemporaryAllocation(of: UInt16.self, capacity: LiveDigest.laneCount) { lanes in
      guard let start = lanes.baseAddress else { throw unavailable }
      let stream = UnsafeMutableRawPointer(start).assumingMemoryBound(to: UInt8.self)
      for leaf in leaves {
        var written: Int32 = 0
        guard EVP_EncryptInit_ex(context, nil, nil, leaf.bytes, vector) == 1,
          EVP_EncryptUpdate(context, stream, &written, zeroes, Int32(zeroes.count)) == 1,
          Int(written) == LiveDigest.byteCount
        else { throw unavailable }
        body(UnsafePointer(start))
      }
    }
  }

  private static var unavailable: Problem {
    Problem(
      "crypto-unavailable", "the system's libcrypto cannot compute ChaCha20",
      next: "install Debian's libssl3 and remove a provider configuration that disables ChaCha20")
  }
}
