import Foundation
import Indicators
import Testing

@testable import Protected

/// Every row that is shipped keeps the rules of the list.
@Suite struct ShippedNeverListTests {
  private let reader: NeverListReader = {
    var reader = NeverListReader()
    reader.feed(PackageResources.NeverList_csv)
    reader.finish()
    return reader
  }()

  @Test func everyRowIsValidOnceAndHasASource() {
    for problem in reader.problems { Issue.record("line \(problem.line): \(problem.reason) [\(problem.code)]") }
    #expect(reader.entries.count > 1_500)
    #expect(NeverList.shipped.entries == reader.entries)
  }

  /// Written again, it is the file: so every value is canonical, every scheme is named, and nothing is padded.
  @Test func everyRowIsCanonical() {
    let written = String(decoding: NeverList(reader.entries).bytes, as: UTF8.self).split(separator: "\n")
    let shipped = String(decoding: PackageResources.NeverList_csv, as: UTF8.self).split(separator: "\n")
    #expect(written.count == shipped.count)
    for (line, (left, right)) in zip(written, shipped).enumerated() where left != right {
      Issue.record("line \(line + 1) is not written as it is read")
    }
  }

  @Test func rowsAreSortedAndNotOfTomorrow() {
    let order = NeverListEntry.Category.allCases
    let keys = reader.entries.map { entry in
      (order.firstIndex(of: entry.category) ?? 0, entry.indicator.type.name, entry.indicator.value)
    }
    for (line, (earlier, later)) in zip(keys, keys.dropFirst()).enumerated() where !(earlier < later) {
      Issue.record("line \(line + 3) stands after what it should stand before")
    }
    let today = Date.now.formatted(.iso8601.year().month().day())
    // A machine's clock may be behind; a year of the future is a slip of the pen.
    let nextYear = (Int(today.prefix(4)) ?? 0) + 1
    #expect(reader.entries.allSatisfy { (Int($0.noted.prefix(4)) ?? .max) <= nextYear })
  }

  /// What an entry covers follows from what stands on it: whoever lets others sell below its name is not covered there.
  @Test func onlyWhoAnswersForAllOfItCoversPages() {
    let all: Set<NeverListEntry.Category> = [.cardScheme, .paymentScheme, .centralBank, .bank, .exchange, .charity]
    for entry in reader.entries where entry.indicator.type == .domain {
      if entry.cover == .mail || entry.cover == .urls { #expect(all.contains(entry.category)) }
    }
    #expect(reader.entries.allSatisfy { $0.category != .own }, "an operator's own are its own")
  }

  @Test func everyKindIsThere() {
    let kinds = Dictionary(grouping: reader.entries, by: \.category).mapValues(\.count)
    for category in NeverListEntry.Category.allCases where category != .own {
      #expect(kinds[category, default: 0] >= 10, "\(category.rawValue)")
    }
    let chains = Set(reader.entries.filter { $0.indicator.type == .cryptoAddress }.map(\.indicator.scheme))
    #expect(chains.count > 12)
  }
}
