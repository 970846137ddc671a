import Formats
import Foundation
import Indicators
import Keys
import Wire

/// The sample list: which of its rows are indicators.
enum DemoList {
  /// - Throws: `Problem` `file-missing` if the list is not there.
  static func distinctAddresses(_ path: String) throws -> [String] {
    var parser = CSVParser()
    let rows = parser.feed(try DurableFile.read(path, noun: "sample list")) + parser.finish()
    var seen: Set<Indicator> = []
    return rows.dropFirst().compactMap { result in
      guard case .success(let row) = result, let text = row.fields.last,
        let indicator = try? Indicator.parse(text, as: .cryptoAddress), seen.insert(indicator).inserted
      else { return nil }
      return text
    }
  }

  static func table(_ addresses: some Sequence<String>) -> [UInt8] {
    addresses.reduce(into: CSVWriter().bytes(["crypto-address"])) { $0 += CSVWriter().bytes([$1]) }
  }
}
