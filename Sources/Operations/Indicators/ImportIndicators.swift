public import Formats
internal import Indicators
internal import Ledger
internal import Replication
internal import Store
public import Wire

/// `vaka indicator import`: a table of identifiers, first judged row by row, then sent in batches, each acknowledged when
/// it is durable. Bad rows are named and never stop the good ones; a second run changes nothing.
public struct ImportIndicators: Sendable {
  /// As many rows as are signed together.
  public static let standardBatch = Author.mostHeadsTogether * Limits.deltaChanges

  public enum Outcome: String, Sendable, Codable, CaseIterable {
    /// Not listed by us yet.
    case new
    case alreadyListed = "already-listed"
    /// The same indicator stands on an earlier row.
    case repeated
    case rejected
  }

  /// What is said of one row, without its value.
  public struct RowVerdict: Sendable {
    public let line: Int
    public let outcome: Outcome
    public let type: String
    public let scheme: String
    /// The stable code of a rejection.
    public let code: String
    /// For people: the rule that failed, or the line that holds the same indicator.
    public let reason: String
  }

  public struct Answer: Sendable, Codable {
    public var rows = 0
    public var new = 0
    public var alreadyListed = 0
    public var repeated = 0
    public var rejected = 0
    /// Rows that are durable now; 0 in a dry run.
    public var acknowledged = 0
    public var batches = 0
    /// New rows by type and scheme, such as `crypto-address bitcoin`.
    public var kinds: [String: Int] = [:]
    /// Rejected rows by code.
    public var rejections: [String: Int] = [:]
    public var dryRun = false
    public var nodeRunning = false
    /// The sales operation that the rows were put in.
    public var group: String?
  }

  private struct Column {
    let type: IndicatorType
    let positions: [Int]
  }

  private let home: NodeHome
  private let template: ListingTemplate
  private let maps: [ColumnMap]
  private let batch: Int

  /// - Parameter maps: which columns hold which type; empty: columns that bear a type's name.
  /// - Throws: `Problem` `bad-batch`.
  public init(_ home: NodeHome, template: ListingTemplate, maps: [ColumnMap], batch: Int) throws(Problem) {
    guard (1...Self.standardBatch).contains(batch) else {
      throw Problem("bad-batch", "a batch is 1 to \(Self.standardBatch) rows", object: "--batch")
    }
    self.home = home
    self.template = template
    self.maps = maps
    self.batch = batch
  }

  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - report: told of every row, in order.
  ///   - acknowledged: told after every batch how many rows are durable, of how many.
  /// - Throws: `Problem` `no-columns`, `import-stopped` (what was acknowledged is safe), or what the node says.
  public func run(
    _ source: TableSource, dryRun: Bool, now: UInt64, report: (RowVerdict) throws -> Void = { _ in },
    acknowledged: (_ done: Int, _ of: Int) throws -> Void = { _, _ in }
  ) throws -> Answer {
    let writer = try IndicatorWriter(home, template: template, now: now)
    var answer = Answer()
    answer.dryRun = dryRun
    answer.group = template.group.isEmpty ? nil : OperationGroup.text(template.group)
    let fresh = try judge(source, writer: writer, into: &answer, report: report)
    guard !dryRun else { return answer }
    let door = try NodeDoor(home)
    answer.nodeRunning = door.isRunning
    var start = 0
    var next = Self.batch(fresh, from: start, batch, writer)
    while start < fresh.count {
      let end = min(start + batch, fresh.count)
      let current = next
      if end < fresh.count { next = Self.batch(fresh, from: end, batch, writer) }
      do {
        _ = try door.submit(try current.value())
      } catch let problem as Problem {
        throw Problem(
          "import-stopped", "\(problem.what); \(answer.acknowledged) of \(fresh.count) rows are acknowledged and safe",
          object: problem.object, next: "run the same import again: it goes on where this one stopped")
      }
      answer.acknowledged = end
      answer.batches += 1
      try acknowledged(end, fresh.count)
      start = end
    }
    return answer
  }

  /// Made on another thread, while the node writes the batch before.
  private static func batch(
    _ fresh: [Indicator], from start: Int, _ size: Int, _ writer: IndicatorWriter
  ) -> Ahead<Submission> {
    Ahead { Submission(items: try fresh[start..<min(start + size, fresh.count)].map { try writer.item(for: $0) }) }
  }

  private func judge(
    _ source: TableSource, writer: IndicatorWriter, into answer: inout Answer, report: (RowVerdict) throws -> Void
  ) throws -> [Indicator] {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    return try ledger.view { view in
      var columns: [Column]?
      var fresh: [Indicator] = []
      var lines: [StatementKey: Int] = [:]
      try CSVTable.each(source) { result in
        switch result {
        case .failure(let problem):
          answer.rows += 1
          try note(
            RowVerdict(
              line: problem.line, outcome: .rejected, type: "", scheme: "", code: problem.code, reason: problem.reason),
            &answer, report)
        case .success(let row):
          guard let columns else {
            columns = try self.columns(row.fields)
            return
          }
          for column in columns {
            guard let text = ColumnMap.text(of: row, at: column.positions) else {
              answer.rows += 1
              try note(
                RowVerdict(
                  line: row.line, outcome: .rejected, type: column.type.name, scheme: "", code: "row-short",
                  reason: "the row has fewer columns than the header"), &answer, report)
              continue
            }
            if columns.count > 1, text.allSatisfy({ $0 == "|" || $0.isWhitespace }) { continue }
            answer.rows += 1
            let verdict = try self.verdict(
              text, column.type, line: row.line, writer: writer, view: view, lines: &lines, fresh: &fresh)
            try note(verdict, &answer, report)
          }
        }
      }
      return fresh
    }
  }

  private func verdict(
    _ text: String, _ type: IndicatorType, line: Int, writer: IndicatorWriter, view: LedgerView,
    lines: inout [StatementKey: Int], fresh: inout [Indicator]
  ) throws -> RowVerdict {
    func verdict(_ outcome: Outcome, scheme: String = "", code: String = "", reason: String = "") -> RowVerdict {
      RowVerdict(line: line, outcome: outcome, type: type.name, scheme: scheme, code: code, reason: reason)
    }
    let indicator: Indicator
    do {
      indicator = try Indicator.parse(text, as: type)
    } catch {
      return verdict(.rejected, code: error.code, reason: error.reason)
    }
    do {
      try writer.check(indicator)
    } catch let error as Problem {
      return verdict(.rejected, scheme: indicator.scheme, code: error.code, reason: error.what)
    }
    let key = writer.key(of: indicator)
    if let earlier = lines[key] {
      return verdict(.repeated, scheme: indicator.scheme, reason: "the same indicator as on line \(earlier)")
    }
    lines[key] = line
    if try view.lists(key, coalition: home.coalition) {
      return verdict(.alreadyListed, scheme: indicator.scheme)
    }
    fresh.append(indicator)
    return verdict(.new, scheme: indicator.scheme)
  }

  private func note(_ verdict: RowVerdict, _ answer: inout Answer, _ report: (RowVerdict) throws -> Void) throws {
    switch verdict.outcome {
    case .new:
      answer.new += 1
      answer.kinds[verdict.scheme.isEmpty ? verdict.type : "\(verdict.type) \(verdict.scheme)", default: 0] += 1
    case .alreadyListed: answer.alreadyListed += 1
    case .repeated: answer.repeated += 1
    case .rejected:
      answer.rejected += 1
      answer.rejections[verdict.code, default: 0] += 1
    }
    try report(verdict)
  }

  private func columns(_ header: [String]) throws -> [Column] {
    try TypedColumns.resolve(maps, header: header).map { Column(type: $0.type, positions: $0.positions) }
  }
}
