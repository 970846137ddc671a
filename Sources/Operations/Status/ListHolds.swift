internal import Ledger
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
      try view.holds().map { hold in
        let head = try view.position(of: hold.coalition).head
        return Hold(coalition: hold.coalition, head: head.map { "\($0.epoch)/\($0.index)" }, problem: hold.problem)
      }
    }
  }
}
