import Formats
import Indicators
import Ledger
import Testing

@testable import Operations

/// The quick way on two threads finds what the plain way finds, in the same order.
@Suite struct TableScreenerTests {
  private struct Found: Hashable {
    let line: Int
    let column: String
    let digest: IndicatorDigest
  }

  private let functions: [DigestFunction]
  private let maps: [ColumnMap]

  init() throws {
    functions = try [UInt32(1), 2].map { epoch in
      DigestFunction(key: try #require(HashKey(epoch: epoch, bytes: [UInt8](repeating: UInt8(epoch), count: 32))))
    }
    maps = try [ColumnMap(flag: "merchant-id=acquirer+acceptor"), ColumnMap(flag: "domain=site")]
  }

  /// Of several parts, with quoted fields that span lines, empty cells, short rows, and what cannot be read.
  private func table(rows: Int) -> [UInt8] {
    var text = "\"not\"a row\nacquirer,note,acceptor,site\r\n"
    for row in 0..<rows {
      switch row % 50 {
      case 7: text += "\(400_000 + row),\"two\nlines, \"\"quoted\"\"\",\"SHOP\(row)\",www.shop\(row % 300).example\n"
      case 13: text += "\(400_000 + row)\n\n"
      case 19: text += "\"x\"y,,,\n"
      case 23: text += "letters,,SHOP\(row),bücher.example\n"
      case 29: text += ",,,\n"
      default: text += "\(400_000 + row % 1_000),note,shop\(row % 500),shop\(row % 300).example\n"
      }
    }
    var bytes = Array(text.utf8)
    bytes += [0xFF, 0x2C, 0x0A] + Array("1,,last,".utf8)
    return bytes
  }

  private func plainly(
    _ bytes: [UInt8], each body: (Found, IndicatorType) throws -> Void
  ) throws -> TableScreener.Counts {
    var counts = TableScreener.Counts()
    var columns: [(type: IndicatorType, name: String, positions: [Int])]?
    counts.encoding = try CSVTable.each(.bytes(bytes), encoding: nil) { result in
      guard case .success(let row) = result else {
        counts.rows += 1
        counts.invalid += 1
        return
      }
      guard let columns else {
        columns = try TypedColumns.resolve(maps, header: row.fields)
        return
      }
      counts.rows += 1
      for column in columns {
        guard let text = ColumnMap.text(of: row, at: column.positions), !text.isEmpty else { continue }
        counts.identifiers += 1
        guard let indicator = try? Indicator.parse(text, as: column.type) else {
          counts.invalid += 1
          continue
        }
        for function in functions {
          try body(Found(line: row.line, column: column.name, digest: function.digest(of: indicator)), column.type)
        }
      }
    }
    return counts
  }

  @Test func findsWhatThePlainWayFinds() throws {
    let bytes = table(rows: 30_000)
    #expect(bytes.count > 3 * TableSource.pieceBytes)
    var expected: [Found] = []
    let expectedCounts = try plainly(bytes) { found, _ in expected.append(found) }
    let listed = Set(expected.map(\.digest).filter { $0.prefix % 7 == 0 })
    #expect(listed.count > 100)
    let screener = TableScreener(
      functions: functions, index: Ahead { [index = PrefixIndex(ascending: listed.map(\.prefix).sorted())] in index })
    var candidates: [Found] = []
    var observed: [IndicatorDigest] = []
    var lines: [Int] = []
    var (names, columns): ([String], [String]) = ([], [])
    let counts = try screener.screen(
      .bytes(bytes), maps: maps,
      began: { names = $0.map(\.name) },
      observe: { digest, line, column in
        observed.append(digest)
        lines.append(line)
        columns.append(names[column])
      },
      found: { candidate in
        for digest in candidate.digests {
          candidates.append(Found(line: candidate.line, column: candidate.column, digest: digest))
        }
      })
    #expect(counts == expectedCounts)
    #expect(candidates == expected.filter { listed.contains($0.digest) })
    #expect(observed == expected.map(\.digest) && lines == expected.map(\.line) && columns == expected.map(\.column))
    var unobserved: [Found] = []
    _ = try screener.screen(.bytes(bytes), maps: maps) { candidate in
      for digest in candidate.digests {
        unobserved.append(Found(line: candidate.line, column: candidate.column, digest: digest))
      }
    }
    #expect(unobserved == candidates)
  }

  /// An identifier that was listed under two keys is one candidate, by both digests, the older key's first.
  @Test func givesOutTheDigestsOfOneIdentifierTogether() throws {
    let bytes = table(rows: 100)
    var all: [Found] = []
    _ = try plainly(bytes) { found, _ in all.append(found) }
    let screener = TableScreener(
      functions: functions,
      index: Ahead { [index = PrefixIndex(ascending: all.map(\.digest.prefix).sorted())] in index })
    var found: [[IndicatorDigest]] = []
    _ = try screener.screen(.bytes(bytes), maps: maps) { found.append($0.digests) }
    #expect(found == stride(from: 0, to: all.count, by: 2).map { [all[$0].digest, all[$0 + 1].digest] })
  }

  @Test func endsWithTheErrorOfWhoeverIsTold() throws {
    struct Stop: Error {}
    let bytes = table(rows: 30_000)
    let first = try #require(
      try {
        var first: Found?
        _ = try plainly(bytes) { found, _ in first = first ?? found }
        return first
      }())
    let screener = TableScreener(
      functions: functions, index: Ahead { [index = PrefixIndex(ascending: [first.digest.prefix])] in index })
    #expect(throws: Stop.self) { try screener.screen(.bytes(bytes), maps: maps) { _ in throw Stop() } }
    #expect(throws: (any Error).self) {
      try screener.screen(.bytes(Array("a,b\n1,2\n".utf8)), maps: maps) { _ in }
    }
    #expect(try screener.screen(.bytes([]), maps: maps) { _ in } == TableScreener.Counts())
  }

  /// Nine to ten bytes an indicator, and no digest of its own is missed.
  @Test(arguments: [0, 1, 2, 7, 8, 9, 1_000, 70_000])
  func theIndexIsSmallAndMissesNothing(count: Int) throws {
    let digests = try (0..<count).map { number in
      functions[0].digest(of: try Indicator.parse("1|S\(number)", as: .merchantID))
    }
    let index = PrefixIndex(ascending: digests.map(\.prefix).sorted())
    #expect(index.count == count && index.byteCount <= 10 * count + 262_156)
    #expect(digests.allSatisfy(index.mayContain))
    for number in 0..<2_000 {
      let other = functions[1].digest(of: try Indicator.parse("1|S\(number)", as: .merchantID))
      #expect(!index.mayContain(other))
    }
  }
}
