internal import Formats
internal import Ledger
internal import Replication
internal import Store
public import Wire

/// `vaka indicator import`: a file of identifiers, first judged one by one, then sent in batches, each acknowledged when it is
/// durable. What is wrong is named and never stops what is right; a second run changes nothing.
public struct ImportIndicators: Sendable {
  /// As many rows as are signed together.
  public static let standardBatch = Author.mostHeadsTogether * Limits.deltaChanges

  private let home: NodeHome
  private let template: ListingTemplate
  private let batch: Int

  /// - Parameter template: what is said of all, where the file does not say otherwise.
  /// - Throws: `Problem` `bad-batch`.
  public init(_ home: NodeHome, template: ListingTemplate, batch: Int = standardBatch) throws(Problem) {
    guard (1...Self.standardBatch).contains(batch) else {
      throw Problem("bad-batch", "a batch is 1 to \(Self.standardBatch) rows", object: "--batch")
    }
    self.home = home
    self.template = template
    self.batch = batch
  }

  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - read: told how much of the file has been read.
  ///   - report: told of every row, in order.
  ///   - acknowledged: told after every batch how many rows are durable, of how many.
  /// - Throws: `Problem` as `ImportSource.each`, `import-stopped` (what was acknowledged is safe), or what the node says.
  public func run(
    _ source: ImportSource, dryRun: Bool, now: UInt64, read: (ImportSource.Reading) throws -> Void = { _ in },
    report: (RowVerdict) throws -> Void = { _ in },
    acknowledged: (_ done: Int, _ of: Int) throws -> Void = { _, _ in }
  ) throws -> Answer {
    let writer = try IndicatorWriter(home, template: template, now: now)
    var answer = Answer()
    answer.dryRun = dryRun
    answer.group = template.group.isEmpty ? nil : OperationGroup.text(template.group)
    let fresh = try judge(source, writer, today: Day.of(milliseconds: now), &answer, read, report)
    if !dryRun { try send(fresh, writer, &answer, acknowledged) }
    return answer
  }

  private func judge(
    _ source: ImportSource, _ writer: IndicatorWriter, today: UInt32, _ answer: inout Answer,
    _ read: (ImportSource.Reading) throws -> Void, _ report: (RowVerdict) throws -> Void
  ) throws -> FreshListings {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    return try ledger.view { view in
      var judge = ImportJudge(writer, view: view, coalition: home.coalition, today: today)
      let (form, encoding) = try source.each(read: read) { item in
        let verdict = try judge.verdict(on: item)
        answer.count(verdict)
        try report(verdict)
      }
      (answer.form, answer.encoding) = (form.rawValue, encoding?.rawValue)
      return judge.fresh
    }
  }

  private func send(
    _ fresh: FreshListings, _ writer: IndicatorWriter, _ answer: inout Answer,
    _ acknowledged: (_ done: Int, _ of: Int) throws -> Void
  ) throws {
    let door = try NodeDoor(home)
    answer.nodeRunning = door.isRunning
    let count = fresh.items.count
    var start = 0
    var next = Self.batch(fresh, from: start, batch, writer)
    while start < count {
      let end = min(start + batch, count)
      let current = next
      if end < count { next = Self.batch(fresh, from: end, batch, writer) }
      do {
        _ = try door.submit(try current.value())
      } catch let problem as Problem {
        throw Problem(
          "import-stopped", "\(problem.what); \(answer.acknowledged) of \(count) rows are acknowledged and safe",
          object: problem.object, next: "run the same import again: it goes on where this one stopped")
      }
      answer.acknowledged = end
      answer.batches += 1
      try acknowledged(end, count)
      start = end
    }
  }

  /// Made on another thread, while the node writes the batch before.
  private static func batch(
    _ fresh: FreshListings, from start: Int, _ size: Int, _ writer: IndicatorWriter
  ) -> Ahead<Submission> {
    Ahead {
      let items = fresh.items[start..<min(start + size, fresh.items.count)]
      return Submission(
        items: try items.map {
          try writer.item(for: $0.indicator, saying: $0.template == 0 ? nil : fresh.templates[$0.template])
        })
    }
  }
}
