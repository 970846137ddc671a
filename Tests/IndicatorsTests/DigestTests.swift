import Crypto
import RepositoryFiles
import Testing

@testable import Indicators

@Suite struct DigestTests {
  private func indicator(_ vector: DigestVector) throws -> Indicator {
    let type = try #require(IndicatorType(name: vector.type))
    return try Indicator(type: type, scheme: vector.scheme, value: vector.value, normaliser: vector.normaliser)
  }

  @Test func vectorsGiveMessageAndDigest() throws {
    let vectors: [DigestVector] = try RepositoryFiles.vectors("indicator-digest")
    #expect(vectors.count >= 6)
    for vector in vectors {
      let indicator = try indicator(vector)
      let bytes = try #require(Hex.bytes(vector.hashKey.utf8))
      let key = try #require(HashKey(epoch: vector.keyEpoch, bytes: bytes))
      let function = DigestFunction(key: key)
      #expect(indicator.type.rawValue == vector.typeNumber)
      #expect(function.keyEpoch == vector.keyEpoch)
      #expect(Hex.text(DigestFunction.message(for: indicator)) == vector.message)
      #expect(function.digest(of: indicator).hex == vector.digest)
      #expect(function.digest(of: indicator).hex == vector.digest, "the keyed state must not be used up")
    }
  }

  /// The first cases of RFC 4231, to be sure of the function underneath.
  @Test(arguments: [
    (
      String(repeating: "0b", count: 20), "4869205468657265",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
  ])
  func hmacFollowsItsStandard(key: String, data: String, code: String) throws {
    let key = SymmetricKey(data: try #require(Hex.bytes(key.utf8)))
    let data = try #require(Hex.bytes(data.utf8))
    #expect(Hex.text(HMAC<SHA256>.authenticationCode(for: data, using: key)) == code)
  }

  @Test func messagesOfDifferentIndicatorsDiffer() throws {
    let parts = ["", "a", "aa", "ab", "b", "a\u{0}", "\u{0}a", String(repeating: "a", count: 255)]
    var messages: Set<[UInt8]> = []
    var count = 0
    for type in [IndicatorType.iban, .merchantID, .companyNumber] {
      for scheme in parts {
        for value in parts {
          for normaliser in [UInt8(0), 1, 97] {
            messages.insert(
              DigestFunction.message(
                for: try Indicator(type: type, scheme: scheme, value: value, normaliser: normaliser)))
            count += 1
          }
        }
      }
    }
    #expect(messages.count == count)
  }

  @Test func refusesWhatDoesNotFitItsLengthField() throws {
    let long = String(repeating: "é", count: 128)
    #expect(throws: IndicatorRejection.self) {
      try Indicator(type: .iban, scheme: long, value: "", normaliser: 1)
    }
    #expect(throws: IndicatorRejection.self) {
      try Indicator(type: .iban, scheme: "", value: String(repeating: "a", count: 65_536), normaliser: 1)
    }
  }

  @Test func hashKeyWantsItsLengthAndEpoch() throws {
    #expect(HashKey(epoch: 1, bytes: repeatElement(1, count: 31)) == nil)
    #expect(HashKey(epoch: 1, bytes: repeatElement(1, count: 33)) == nil)
    #expect(HashKey(epoch: 0, bytes: repeatElement(1, count: 32)) == nil)
    let key = try #require(HashKey(epoch: 1, bytes: 0..<32))
    #expect(key == HashKey(epoch: 1, bytes: 0..<32))
    #expect(key != HashKey(epoch: 2, bytes: 0..<32))
    #expect(key != HashKey(epoch: 1, bytes: 1..<33))
    #expect(key.withUnsafeBytes { Array($0) } == Array(0..<32))
  }

  @Test func digestReadsBackAndSortsByBytes() throws {
    let digest = try #require(IndicatorDigest(0..<32))
    #expect(digest.bytes == Array(0..<32))
    #expect(digest.hex == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
    #expect(IndicatorDigest(hex: digest.hex.uppercased()) == digest)
    #expect(IndicatorDigest(0..<31) == nil && IndicatorDigest(0..<33) == nil)
    #expect(IndicatorDigest(hex: "00") == nil && IndicatorDigest(hex: String(repeating: "g", count: 64)) == nil)
    for place in 0..<32 {
      var bytes = digest.bytes
      bytes[place] = 0xFF
      let larger = try #require(IndicatorDigest(bytes))
      #expect(digest < larger && !(larger < digest) && digest != larger)
    }
  }

  @Test func digestMatchesPrefixes() throws {
    let digest = try #require(IndicatorDigest(repeatElement(0xAB, count: 32)))
    #expect(digest.hasPrefix(hex: "") && digest.hasPrefix(hex: "aba") && digest.hasPrefix(hex: "ABAB"))
    #expect(digest.hasPrefix(hex: digest.hex))
    #expect(!digest.hasPrefix(hex: "abb") && !digest.hasPrefix(hex: "ab-") && !digest.hasPrefix(hex: digest.hex + "a"))
  }
}

@Suite struct KeccakTests {
  @Test func vectorsGiveDigest() throws {
    let file: KeccakVectors = try RepositoryFiles.vectors("keccak-256")
    for vector in file.vectors {
      let message = try #require(Hex.bytes(vector.message.utf8))
      #expect(Hex.text(Keccak256.hash(message)) == vector.digest)
    }
  }
}
