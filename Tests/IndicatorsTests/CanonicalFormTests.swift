import Crypto
import RepositoryFiles
import Seeded
import Testing

@testable import Indicators

/// Reading bytes into memory that is used again finds what reading a text finds. Every run prints its seed.
@Suite struct CanonicalFormTests {
  private let seed: UInt64
  private var random: SeededRandom
  private let function: DigestFunction

  init() throws {
    seed = UInt64.random(in: .min ... .max)
    random = SeededRandom(seed: seed)
    function = DigestFunction(key: try #require(HashKey(epoch: 1, bytes: 0..<32)))
    print("canonical form test seed: \(seed)")
  }

  private static let odd = Array(
    " \t\n\u{A0}\u{200B}\u{FEFF}\u{3000}\u{85}\u{0}-./|@£$éß０+()019azAZ_#'\"".unicodeScalars)

  private mutating func damaged(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<random.below(4) {
      let place = Int(random.below(UInt64(scalars.count + 1)))
      let scalar = Self.odd[Int(random.below(UInt64(Self.odd.count)))]
      switch random.below(3) {
      case 0: scalars.insert(scalar, at: place)
      case 1 where place < scalars.count: scalars[place] = scalar
      default: if place < scalars.count { scalars.remove(at: place) }
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }

  /// One form reads all of them, whatever stood in it before.
  @Test mutating func bytesAndTextAgree() throws {
    let vectors = try IndicatorType.supported.flatMap { type in
      let vectors = try RuleVectors.of(type)
      return (vectors.accepted.map(\.input) + vectors.rejected.map(\.input)).map { (type, $0) }
    }
    var form = CanonicalForm()
    let shuffled = vectors.shuffled(using: &random) + vectors.shuffled(using: &random)
    for (number, vector) in (vectors + shuffled).enumerated() {
      let text = number < vectors.count ? vector.1 : damaged(vector.1)
      let type = random.happens(oneIn: 8) ? vectors[Int(random.below(UInt64(vectors.count)))].0 : vector.0
      let expected = Result { () throws(IndicatorRejection) in try Indicator.parse(text, as: type) }
      let found = Result { () throws(IndicatorRejection) in try form.read(text.utf8.span, as: type) }
      switch (expected, found) {
      case (.success(let indicator), .success):
        let message = form.withMessage { message in message.indices.map { message[$0] } }
        #expect(message == DigestFunction.message(for: indicator), "seed \(seed), \(type): \(text.debugDescription)")
        #expect(function.digest(of: form) == function.digest(of: indicator))
      case (.failure(let one), .failure(let other)):
        #expect(one == other, "seed \(seed), \(type): \(text.debugDescription)")
        #expect(function.digest(of: form) == nil)
      default: Issue.record("seed \(seed), \(type): \(text.debugDescription)")
      }
    }
  }

  /// Bytes that are no UTF-8 are refused by every rule and never trap.
  @Test mutating func refusesWhatIsNotUTF8() throws {
    var form = CanonicalForm()
    for type in IndicatorType.supported {
      for input in try RuleVectors.of(type).accepted.map(\.input) {
        for wrong: [UInt8] in [
          [0xFF], [0xC3], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xC0, 0xA0], [0xF5, 0x80, 0x80, 0x80],
        ] {
          var bytes = Array(input.utf8)
          bytes.insert(contentsOf: wrong, at: Int(random.below(UInt64(bytes.count + 1))))
          guard String(validating: bytes, as: UTF8.self) == nil else { continue }
          #expect(throws: IndicatorRejection.self, "seed \(seed), \(type): \(bytes)") {
            try form.read(bytes.span, as: type)
          }
        }
      }
      for _ in 0..<500 {
        let bytes = random.bytes(Int(random.below(300)))
        _ = try? form.read(bytes.span, as: type)
      }
    }
  }

  /// A value longer than the memory it began with.
  @Test func grows() throws {
    var form = CanonicalForm()
    let text = "https://shop.example/" + String(repeating: "a", count: 1_900)
    try form.read(text.utf8.span, as: .url)
    #expect(function.digest(of: form) == function.digest(of: try Indicator.parse(text, as: .url)))
  }

  /// Messages around the ends of the hash's blocks, beside another implementation.
  @Test func digestsEveryLength() throws {
    for count in 0..<300 {
      let indicator = try Indicator(
        type: .url, scheme: "", value: String(repeating: "x", count: count), normaliser: 1)
      #expect(function.digest(of: indicator).bytes == independentDigest(DigestFunction.message(for: indicator)))
    }
  }

  private func independentDigest(_ message: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: Array(UInt8(0)..<32))))
  }

  @Test func theFunctionDoesNotPrintItsKey() {
    #expect("\(function)" == "digest function of epoch 1 (key withheld)")
    #expect(Mirror(reflecting: function).children.map(\.label) == ["epoch"])
  }
}
