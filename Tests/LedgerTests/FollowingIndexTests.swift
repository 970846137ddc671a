import Indicators
import Ledger
import Seeded
import Testing

/// Whatever is listed, and whenever the index is made anew meanwhile, it lacks nothing that is listed.
@Suite struct FollowingIndexTests {
  @Test(arguments: 1...10)
  func neverLacksWhatIsListed(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var listed: [IndicatorDigest] = []
    var index = FollowingIndex(PrefixIndex(ascending: []))
    for _ in 0..<60 {
      let snapshot = listed
      let later = try (0..<random.below(40)).map { _ in try #require(IndicatorDigest(random.bytes(32))) }
      listed += later
      if random.happens(oneIn: 4) {
        index.replace(with: PrefixIndex(ascending: snapshot.map(\.prefix).sorted()), later: later)
        #expect(index.addedCount == Set(later).count)
      } else {
        index.add(later)
      }
      #expect(listed.allSatisfy(index.mayContain))
      let other = try #require(IndicatorDigest(random.bytes(32)))
      #expect(!index.mayContain(other))
    }
  }
}
