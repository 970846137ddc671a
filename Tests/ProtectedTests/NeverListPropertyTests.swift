import Indicators
import Seeded
import Testing

@testable import Protected

/// What holds of every file, whatever its bytes. A failure prints its seed.
@Suite struct NeverListPropertyTests {
  /// A piece of the shipped list, some of its bytes replaced.
  private func spoilt(_ random: inout SeededRandom) -> [UInt8] {
    var bytes = Array(PackageResources.NeverList_csv.prefix(4_000))
    for _ in 0..<random.below(40) {
      bytes[Int(random.below(UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
    }
    return bytes
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func itDoesNotMatterHowAFileIsDivided(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let bytes = spoilt(&random)
    var whole = NeverListReader()
    whole.feed(bytes)
    whole.finish()
    var pieces = NeverListReader()
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int(random.below(200)) + 1)
      pieces.feed(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    pieces.finish()
    #expect(pieces.entries == whole.entries && pieces.problems == whole.problems, "seed \(seed)")
  }

  /// What is read can be written and read again, protects itself, and no reason repeats a value.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func whatIsReadStands(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var reader = NeverListReader()
    reader.feed(spoilt(&random))
    reader.finish()
    let list = NeverList(reader.entries)
    var again = NeverListReader()
    again.feed(list.bytes)
    again.finish()
    #expect(again.entries == reader.entries && again.problems.isEmpty, "seed \(seed)")
    for entry in list.entries {
      #expect(list.entry(protecting: entry.indicator) == entry, "seed \(seed)")
      #expect(!entry.source.lowercased().contains(entry.indicator.value.lowercased()), "seed \(seed)")
      for problem in reader.problems { #expect(!problem.reason.contains(entry.indicator.value), "seed \(seed)") }
    }
  }
}
