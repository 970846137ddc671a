import Seeded
import Testing

@testable import Indicators

/// Properties over generated inputs. Every run prints its seed; put it into `seed` to repeat one.
@Suite struct PropertyTests {
  private let seed: UInt64
  private var generator: SeededRandom

  init() {
    seed = UInt64.random(in: .min ... .max)
    generator = SeededRandom(seed: seed)
    print("property test seed: \(seed)")
  }

  /// One changed character never passes a checksum: Bech32 and ISO 7064 exclude it, Base58Check lets one in 2^32 through.
  /// EVM, EOS and Solana have none, a tag or memo has none, and of SS58's two bytes one change in 65,536 passes.
  @Test mutating func oneChangedCharacterOfAnAddressIsRejected() throws {
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    let addresses = try RuleVectors.of(.cryptoAddress).accepted
      // Solana and EOS have no checksum, Polkadot's is of 16 bits, and a tag or memo has none; EVM's is in the letter case, which goes.
      .filter { ![EVMAddress.chain, EOSAddress.chain, Base58Address.solana, "polkadot", "kusama"].contains($0.scheme) }
      .map(\.canonical).filter { !$0.contains("|") }
    for address in addresses {
      for _ in 0..<50 {
        let changed = substitute(in: address, from: { _ in alphabet })
        #expect(throws: IndicatorRejection.self, "seed \(seed): \(changed)") {
          try Indicator.parse(changed, as: .cryptoAddress)
        }
      }
    }
  }

  /// A digit for a digit, a letter for a letter: what ISO 7064 mod 97-10 promises to find.
  @Test mutating func oneChangedCharacterOfAnIBANIsRejected() throws {
    for number in try RuleVectors.of(.iban).accepted.map(\.canonical) {
      for _ in 0..<50 {
        let changed = substitute(in: number) { old in
          ASCII.isDigit(old) ? Array("0123456789".utf8) : Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        }
        #expect(throws: IndicatorRejection.self, "seed \(seed): \(changed)") {
          try Indicator.parse(changed, as: .iban)
        }
      }
    }
  }

  /// Luhn's formula and ISO 7064 find every changed digit.
  @Test(arguments: [IndicatorType.cardPan, .legalEntity])
  mutating func oneChangedDigitIsRejected(_ type: IndicatorType) throws {
    for number in try RuleVectors.of(type).accepted.map(\.canonical) {
      for _ in 0..<50 {
        let changed = substitute(in: number) { ASCII.isDigit($0) ? Array("0123456789".utf8) : [] }
        guard changed != number else { continue }
        #expect(throws: IndicatorRejection.self, "seed \(seed): \(changed)") {
          try Indicator.parse(changed, as: type)
        }
      }
    }
  }

  @Test mutating func parsingNeverTraps() {
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...300, using: &generator)
      let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      parseAll(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Random bytes seldom get past the first check; pieces of valid texts go deeper.
  @Test mutating func parsingNeverTrapsOnDamagedTexts() throws {
    let texts = try IndicatorType.supported.flatMap { type in
      let vectors = try RuleVectors.of(type)
      return vectors.accepted.map(\.input) + vectors.rejected.map(\.input)
    }
    for _ in 0..<20_000 {
      let head = try #require(texts.randomElement(using: &generator)).unicodeScalars
      let tail = try #require(texts.randomElement(using: &generator)).unicodeScalars
      var scalars = String.UnicodeScalarView(head.prefix(Int.random(in: 0...head.count, using: &generator)))
      scalars.append(contentsOf: tail.suffix(Int.random(in: 0...tail.count, using: &generator)))
      parseAll(String(scalars))
    }
  }

  @Test mutating func generatedAddressesAreAcceptedAndFixed() throws {
    for _ in 0..<500 {
      let hash = (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      for (version, chain) in [
        (UInt8(0), "bitcoin"), (5, "bitcoin"), (0x41, "tron"), (48, "litecoin"), (76, "dash"), (30, "dogecoin"),
        (33, "verge"), (38, "bitcoin-gold"),
      ] {
        let payload = [version] + hash
        let address = String(decoding: Base58.encode(payload + Base58.checksum(payload)), as: UTF8.self)
        let indicator = try Indicator.parse(address, as: .cryptoAddress)
        #expect(indicator.scheme == chain && indicator.value == address, "seed \(seed)")
      }
    }
  }

  @Test mutating func base58ReadsBack() {
    for length in 0...40 {
      var bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      for index in 0..<min(length, Int.random(in: 0...3, using: &generator)) { bytes[index] = 0 }
      #expect(Base58.decode(Base58.encode(bytes)) == bytes, "seed \(seed)")
    }
  }

  /// Whatever is accepted must be a fixed point.
  private func parseAll(_ text: String) {
    for type in IndicatorType.allCases.map(Optional.some) + [nil] {
      guard let indicator = try? Indicator.parse(text, as: type) else { continue }
      let again = try? Indicator.parse(indicator.value, as: indicator.type)
      #expect(again == indicator, "seed \(seed): \(text)")
    }
  }

  private mutating func substitute(in text: String, from choices: (UInt8) -> [UInt8]) -> String {
    var bytes = Array(text.utf8)
    let place = Int.random(in: bytes.indices, using: &generator)
    let others = choices(bytes[place]).filter { $0 != bytes[place] }
    bytes[place] = others.randomElement(using: &generator) ?? bytes[place]
    return String(decoding: bytes, as: UTF8.self)
  }
}
