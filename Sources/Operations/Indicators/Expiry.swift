public import Alliance
internal import FoundationEssentials
internal import Ledger
internal import Replication
public import Store
internal import SwiftProtobuf
public import Wire

/// Our own listings past their last day get an explicit remove: nothing leaves a position by an unspoken rule. And once a hash key is
/// closed, no statement of ours names a digest under it any more: a listing is stated anew without, a dispute that found nothing to follow
/// to the newer key goes. A listing that could not be re-hashed stays until its last day, so that its operator sees what is to be listed anew.
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
    /// All rows were looked at. So many were queued for removal, or to be stated without a digest under a closed key, and so many are past
    /// by this clock but stay for now: no other coalition's receipt is of that day yet (`unconfirmed`), or this hour's share is taken
    /// (`left`).
    case finished(removed: Int, unconfirmed: Int, left: Int)
  }

  /// UTC days since 1970: what ended before this day is past by our clock, and by somebody else's too.
  private let (today, confirmed): (UInt32, UInt32)
  private let coalition: CoalitionID
  /// The days on which hash keys close, by epoch; those that are open without an end are not in it.
  private let closes: [UInt32: UInt32]
  /// References of digests under a closed key that the last step took out of statements: nothing here needs to name them any more.
  public private(set) var closed: [String] = []
  private var most: Int?
  private var after: StatementKey?
  private var (removed, unconfirmed, left) = (0, 0, 0)
  private var last: (facet: Facet, statement: [UInt8], end: End?)?

  /// What is to become of a row, and from which day on.
  private struct End {
    /// UTC day since 1970.
    let day: UInt32
    /// Nil removes it.
    let statement: [UInt8]?
  }

  /// - Parameters:
  ///   - roster: that says which hash keys close.
  ///   - now: milliseconds since 1970.
  public init(of coalition: CoalitionID, in ledger: LedgerStore, roster: Roster, now: UInt64) throws {
    self.coalition = coalition
    today = Day.of(milliseconds: now)
    closes = Dictionary(
      roster.hashKeys.filter { $0.closes > 0 }.map { ($0.keyEpoch, $0.closes) }, uniquingKeysWith: { $1 })
    let newest = try ledger.view { view in
      try view.receipts().map(\.receipt).filter { $0.coalition != coalition }.map(\.signedAt).max() ?? 0
    }
    confirmed = min(today, Day.of(milliseconds: newest))
  }

  /// Looks at the next page and queues what is to go, in one transaction.
  public mutating func step(in ledger: LedgerStore) throws -> Step {
    var gone: [QueuedChange.Content] = []
    closed = []
    let more = try ledger.view { view in
      let most =
        try most
        ?? max(
          Self.fewestAtOnce, Int(clamping: view.position(of: coalition).statements) / Self.shareAtOnce)
      self.most = most
      let page = try view.rows(of: coalition, after: after, bucket: nil, maximumBytes: Self.pageBytes)
      for row in page.rows {
        guard let end = end(of: row), end.day <= today, try view.queuedRemove(row.key) == nil else { continue }
        if end.day > confirmed {
          unconfirmed += 1
        } else if removed + gone.count >= most {
          left += 1
        } else {
          if end.statement != nil { closed += row.previous.map { [Reference.of($0.digest)] } ?? [] }
          gone.append(end.statement.map { .put(row.key, statement: $0) } ?? .remove(row.key))
        }
      }
      after = page.rows.last?.key ?? after
      return page.more
    }
    if !gone.isEmpty { try ledger.transaction { try $0.enqueue(gone) } }
    removed += gone.count
    return more ? .goOn : .finished(removed: removed, unconfirmed: unconfirmed, left: left)
  }

  /// Listings of one import say the same, so the last answer is kept. Nil for what this version cannot read, and what has no end.
  private mutating func end(of row: Row) -> End? {
    guard let facet = row.key.facet else { return nil }
    if let last, last.facet == facet, last.statement == row.statement { return last.end }
    let end: End? =
      switch facet {
      case .listing: (try? WireListing(serializedBytes: row.statement)).flatMap(self.end)
      case .dispute: (try? WireDispute(serializedBytes: row.statement)).flatMap(self.end)
      case .sighting: (try? WireSighting(serializedBytes: row.statement)).flatMap(self.end)
      default: nil
      }
    last = (facet, row.statement, end)
    return end
  }

  private func end(of listing: WireListing) -> End? {
    let past = listing.validUntil == 0 ? nil : End(day: listing.validUntil &+ 1, statement: nil)
    if let past, past.day <= today { return past }
    guard let closes = closes[listing.previousKeyEpoch], !planted(.closedDigestStays) else { return past }
    var without = listing
    (without.previousDigest, without.previousKeyEpoch) = (Data(), 0)
    return (try? without.serializedBytes()).map { End(day: closes, statement: $0) }
  }

  private func end(of dispute: WireDispute) -> End? {
    if let closes = closes[dispute.keyEpoch] { return End(day: closes, statement: nil) }
    guard let closes = closes[dispute.previousKeyEpoch] else { return nil }
    var without = dispute
    (without.previousDigest, without.previousKeyEpoch) = (Data(), 0)
    return (try? without.serializedBytes()).map { End(day: closes, statement: $0) }
  }

  private func end(of sighting: WireSighting) -> End? {
    if let closes = closes[sighting.keyEpoch] { return End(day: closes, statement: nil) }
    guard let closes = closes[sighting.previousKeyEpoch] else { return nil }
    var without = sighting
    (without.previousDigest, without.previousKeyEpoch) = (Data(), 0)
    return (try? without.serializedBytes()).map { End(day: closes, statement: $0) }
  }
}
