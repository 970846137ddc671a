internal import Ledger
internal import Replication
internal import Store
public import Wire

/// `vaka hold list`: which coalitions are kept at an older head than they have signed, and why.
public struct ListHolds: Sendable, Codable {
  public struct Hold: Sendable, Codable {
    public let coalition: CoalitionID
    /// The head at which it is kept, such as `1/17`; nil before its first.
    public let head: String?
    public let problem: Problem
  }

  public let holds: [Hold]

  public init(_ home: NodeHome) throws {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    holds = try ledger.view { view in
      func hold(_ coalition: CoalitionID, _ problem: Problem) throws -> Hold {
        let head = try view.position(of: coalition).head
        return Hold(coalition: coalition, head: head.map { "\($0.epoch)/\($0.index)" }, problem: problem)
      }
      let records = try view.heldRecordWatches().map {
        try hold($0.coalition, RecordFlood.problem($0.watch, of: $0.coalition))
      }
      return try view.holds().map { try hold($0.coalition, $0.problem) } + records
    }
  }
}
