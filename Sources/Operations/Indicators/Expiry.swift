internal import Alliance
internal import Ledger
internal import Replication
public import Store
internal import SwiftProtobuf
public import Wire

/// Our own listings past their last day get an explicit remove: nothing leaves a position by an unspoken rule.
///
/// A wrong clock must not wipe a position. So a day counts as over only once another coalition has signed a receipt on
/// a later
/// day too; alone, a node hides what is past and removes nothing. And an hour takes at most a fifth of the position,
/// so that
/// peers, who stop at a quarter, go on.
///
/// Steps: each looks at one page of rows, so that a million of them keep nobody waiting.
public struct Expiry: Sendable {
  /// So many may go in an hour in any case.
  public static let fewestAtOnce = 1_000
  /// And this share of the position.
  public static let shareAtOnce = 5
  private static let pageBytes = 2 << 20

  public enum Step: Sendable, Hashable {
    /// There are more rows to look at.
    case goOn
    /// All rows were looked at. So many were queued for removal, and so many are past by this clock but stay for now:
    /// no other coalition's receipt is of that day yet (`unconfirmed`), or this hour's share is taken (`left`).
    case finished(removed: Int, unconfirmed: Int, left: Int)
  }

  /// UTC days since 1970: what ended before this day is past by our clock, and by somebody else's too.
  private let (today, confirmed): (UInt32, UInt32)
  private let coalition: CoalitionID
  private var most: Int?
  private var after: StatementKey?
  private var (removed, unconfirmed, left) = (0, 0, 0)
  private var last: (statement: [UInt8], until: UInt32?)?

  /// - Parameter now: milliseconds since 1970.
  public init(of coalition: CoalitionID, in ledger: LedgerStore, now: UInt64) throws {
    self.coalition = coalition
    today = Day.of(milliseconds: now)
    let newest = try ledger.view { view in
      try view.receipts().map(\.receipt).filter { $0.coalition != coalition }.map(\.signedAt).max() ?? 0
    }
    confirmed = min(today, Day.of(milliseconds: newest))
  }

  /// Looks at the next page and queues what is to go, in one transaction.
  public mutating func step(in ledger: LedgerStore) throws -> Step {
    var gone: [QueuedChange.Content] = []
    let more = try ledger.view { view in
      let most =
        try most
        ?? max(
          Self.fewestAtOnce, Int(clamping: view.position(of: coalition).statements) / Self.shareAtOnce)
      self.most = most
      let page = try view.rows(of: coalition, after: after, bucket: nil, maximumBytes: Self.pageBytes)
      for row in page.rows {
        guard row.key.facet == .listing, let until = lastDay(row.statement), until < today,
          try view.queuedRemove(row.key) == nil
        else { continue }
        if until >= confirmed {
          unconfirmed += 1
        } else if removed + gone.count >= most {
          left += 1
        } else {
          gone.append(.remove(row.key))
        }
      }
      after = page.rows.last?.key ?? after
      return page.more
    }
    if !gone.isEmpty { try ledger.transaction { try $0.enqueue(gone) } }
    removed += gone.count
    return more ? .goOn : .finished(removed: removed, unconfirmed: unconfirmed, left: left)
  }

  /// Listings of one import say the same, so the last answer is kept. Nil for what this version cannot read.
  private mutating func lastDay(_ statement: [UInt8]) -> UInt32? {
    if let last, last.statement == statement { return last.until }
    let until = (try? WireListing(serializedBytes: statement))?.validUntil
    last = (statement, until == 0 ? nil : until)
    return last?.until
  }
}
