import Indicators
import Ledger
import Seeded
import Testing

@Suite struct PrefixIndexTests {
  @Test(arguments: [0, 1, 2, 1_000, 20_000])
  func findsAllThatIsThereAndNothingElse(_ count: Int) throws {
    var random = SeededRandom(seed: UInt64(count))
    let digests = try (0..<count).map { _ in try #require(IndicatorDigest(random.bytes(32))) }
    let index = PrefixIndex(ascending: digests.map(\.prefix).sorted())
    #expect(index.count == count)
    for digest in digests {
      #expect(index.mayContain(digest))
      #expect(digest.prefix == digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    for _ in 0..<5_000 {
      let other = try #require(IndicatorDigest(random.bytes(32)))
      #expect(!index.mayContain(other), "eight bytes that happen to be the same are not expected in a lifetime")
    }
  }

  @Test func theEndsOfTheRangeAreFound() throws {
    let ends = try [UInt8(0), 0xFF].map { try #require(IndicatorDigest([UInt8](repeating: $0, count: 32))) }
    let index = PrefixIndex(ascending: ends.map(\.prefix))
    for digest in ends { #expect(index.mayContain(digest)) }
    #expect(!index.mayContain(try #require(IndicatorDigest([0xFF] + [UInt8](repeating: 0, count: 31)))))
  }
}
