import Testing

@testable import Indicators

/// The hash functions and checks that addresses need, against the examples that their standards publish.
@Suite struct AddressHashTests {
  @Test func blake2b() {
    // RFC 7693, appendix A.
    #expect(
      Hex.text(Blake2b.hash(Array("abc".utf8), length: 64))
        == "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")
    #expect(
      Hex.text(Blake2b.hash([], length: 32)) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
  }

  /// Lengths around the block, and a personalised one, as Python's hashlib computes them.
  @Test(arguments: [
    (127, "979f0926e3d73d7b"), (128, "fe62156485863a84"), (129, "4060434bcadac01b"), (300, "a742927ef1c55759"),
  ])
  func blake2bOverBlocks(_ count: Int, _ digest: String) {
    let message = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    #expect(Hex.text(Blake2b.hash(message, length: 8, personal: Array("personal".utf8))) == digest)
  }

  @Test func sha512By256() {
    // FIPS 180-4, examples of NIST.
    #expect(
      Hex.text(SHA512By256.hash(Array("abc".utf8)))
        == "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")
    let long =
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
    #expect(
      Hex.text(SHA512By256.hash(Array(long.utf8)))
        == "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a")
  }

  @Test func cyclicChecksums() {
    // The usual check value of either is that of these nine digits.
    let digits = Array("123456789".utf8)
    #expect(CyclicChecksum.crc16(digits) == 0x31C3)
    #expect(CyclicChecksum.crc32(digits) == 0xCBF4_3926)
  }
}
