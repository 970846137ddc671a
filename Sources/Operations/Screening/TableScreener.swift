internal import Formats
internal import Indicators
internal import Ledger

/// Screens a table against an index of digests, on two threads, and gives out what may be listed in the order of the rows.
///
/// It knows no store: who listed what, and whether a candidate is a hit at all, the caller says. The calling thread reads and divides the
/// table, others screen its parts, and results are given out on the calling thread. A few parts at a time are in memory, whatever the
/// size of the table.
struct TableScreener {
  struct Counts: Sendable, Hashable {
    var rows = 0
    var identifiers = 0
    /// Rows that cannot be read, and cells that are not valid identifiers of their type.
    var invalid = 0
    /// In which the table was read; nil if it is ASCII.
    var encoding: TextEncoding?
  }

  /// An identifier whose digest may be listed.
  struct Candidate {
    /// The line on which its row begins.
    let line: Int
    let column: String
    /// The place of that column among those that are screened.
    let place: Int
    let type: IndicatorType
    /// Those under which it may be listed, the oldest hash key first.
    let digests: [IndicatorDigest]
  }

  /// Two are worked on; the others wait, so that there is work while the calling thread is busy with hits, and while the index is read.
  private static let partsAtOnce = 24

  /// One for each key epoch.
  let functions: [DigestFunction]
  let index: Ahead<PrefixIndex>

  /// - Parameters:
  ///   - maps: which columns hold what; without any, those that bear a type's name.
  ///   - encoding: of the table; nil to find it out.
  ///   - read: told how many bytes of the table have been read.
  ///   - began: told which columns are screened, once the header is read.
  ///   - observe: told of every digest, listed or not, with the line of its row and the place of its column, in the order of the rows.
  ///   - found: told of every candidate in the order of the rows.
  /// - Throws: `Problem` `no-columns`, `missing-column`, what the source says, and what the two throw.
  func screen(
    _ source: TableSource, maps: [ColumnMap], encoding: TextEncoding? = nil, read: (Int) throws -> Void = { _ in },
    began: (_ columns: [(type: IndicatorType, name: String, positions: [Int])]) throws -> Void = { _ in },
    observe: ((IndicatorDigest, _ line: Int, _ column: Int) throws -> Void)? = nil,
    found: (Candidate) throws -> Void
  ) throws -> Counts {
    var counts = Counts()
    var screener: PartScreener?
    var ahead: [Ahead<ScreenedPart>] = []
    func giveOut(_ part: ScreenedPart, columns: [(type: IndicatorType, name: String, positions: [Int])]) throws {
      counts.rows += part.counts.rows
      counts.identifiers += part.counts.identifiers
      counts.invalid += part.counts.invalid
      if let observe {
        for one in part.digests { try observe(one.digest, one.line, one.column) }
      }
      var rest = part.candidates[...]
      while let first = rest.first {
        // The digests of one identifier stand together.
        let same = rest.prefix { $0.line == first.line && $0.column == first.column }
        rest = rest.dropFirst(same.count)
        let column = columns[first.column]
        try found(
          Candidate(
            line: first.line, column: column.name, place: first.column, type: column.type,
            digests: same.map(\.digest)))
      }
    }
    let found = try CSVTable.eachPart(source, encoding: encoding, read: read) { part in
      var rows = CSVRowReader(part)
      if screener == nil {
        guard let header = Self.header(of: &rows, &counts) else { return }
        let columns = try TypedColumns.resolve(maps, header: header)
        try began(columns)
        screener = PartScreener(functions: functions, index: index, columns: columns, keepsDigests: observe != nil)
      }
      guard let screener else { return }
      let rest = rows
      ahead.append(Ahead { try screener.screen(rest) })
      if ahead.count >= Self.partsAtOnce { try giveOut(try ahead.removeFirst().value(), columns: screener.columns) }
    }
    for part in ahead { try giveOut(try part.value(), columns: screener?.columns ?? []) }
    counts.encoding = found
    return counts
  }

  /// The first row that can be read, or nil if there is none in this part; those before it are counted.
  private static func header(of rows: inout CSVRowReader, _ counts: inout Counts) -> [String]? {
    while let next = rows.next() {
      if case .success = next { return rows.fields() }
      counts.rows += 1
      counts.invalid += 1
    }
    return nil
  }
}
