import Foundation
import RepositoryFiles
import Testing

@testable import Indicators

/// Every row of the sample list against answers that another program worked out (Samples/expected-outcomes.py).
@Suite struct SanctionsListTests {
  private func rows(_ name: String) throws -> [[Substring]] {
    let file = RepositoryFiles.folder.appending(path: "Samples/\(name)")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }

  @Test func everyRowHasTheExpectedOutcome() throws {
    let list = try rows("ofac-digital-currency.csv")
    let expected = try rows("ofac-digital-currency.expected.csv")
    #expect(list.count == 654 && expected.count == list.count)
    var seen: Set<Indicator> = []
    for (offset, (row, answer)) in zip(list, expected).enumerated() {
      let line = offset + 2
      var outcome = [String(line), String(row[0])]
      do {
        let indicator = try Indicator.parse(String(row[1]), as: .cryptoAddress)
        outcome += [seen.insert(indicator).inserted ? "accepted" : "duplicate", indicator.scheme, ""]
      } catch {
        outcome += ["rejected", "", error.code]
      }
      #expect(outcome == answer.map(String.init))
    }
    let chains = Dictionary(grouping: seen, by: \.scheme).mapValues(\.count)
    #expect(
      chains == [
        "bitcoin": 439, "bitcoin-cash": 6, "bitcoin-gold": 1, "dash": 3, "dogecoin": 1, "evm": 156, "litecoin": 10,
        "monero": 2, "tron": 18, "xrp": 1, "zcash": 3,
      ])
  }
}
