public import Alliance
internal import FoundationEssentials
internal import Indicators
internal import Keys
internal import Ledger
internal import Replication
public import Store
internal import SwiftProtobuf
public import Wire

/// Our own statements move to the newest hash key: each listing is digested anew from its plaintext in the vault, and each dispute follows
/// the listing that it disputes.
///
/// A move is one put and one remove in one head. The new statement carries its digest under the key before, by which it is found until
/// that key closes; so at no moment is a listing in no place, and at none in two. Steps: what one queues fits in one delta, and the next
/// comes when it is signed. What was queued before a crash is found queued or moved after it.
public struct Rehash: Sendable {
  /// Moves in one step: two changes each, of some 270 bytes together, within the 4,096 changes and the mebibyte of a delta.
  public static let mostAtOnce = 2_000
  private static let pageBytes = 512 << 10

  public enum Step: Sendable, Hashable {
    /// So many moves were queued; there is more to look at.
    case goOn(moved: Int)
    case finished(Outcome)
  }

  public struct Outcome: Sendable, Hashable {
    public var moved = 0
    /// Listings of ours under an older key whose plaintext is not in the vault.
    public var withoutPlaintext = 0
  }

  private let coalition: CoalitionID
  /// Of the newest key that is open and here.
  private let newest: DigestFunction
  private let open: Set<UInt32>
  private let today: UInt32
  private let vaultKey: VaultKey
  private var after: StatementKey?
  private var outcome = Outcome()

  /// Nil if there is nothing to move to: the alliance has one key, or the newer ones are not here.
  /// - Parameter now: milliseconds since 1970.
  /// - Throws: `Problem` `no-hash-key`, or what a file says.
  public init?(_ home: NodeHome, roster: Roster, now: UInt64) throws(Problem) {
    guard roster.hashKeys.count > 1 else { return nil }
    today = Day.of(milliseconds: now)
    let keys = try home.openHashKeys(on: today, roster: roster)
    guard let newest = keys.functions.last, newest.keyEpoch > 1 else { return nil }
    self.newest = newest
    open = keys.epochs
    coalition = home.coalition
    vaultKey = try VaultKey(file: home.folder.vaultKey)
  }

  /// Looks at the next page, and queues what is to move, in one transaction, after the vault has kept it.
  public mutating func step(in ledger: LedgerStore, vault: VaultStore) throws -> Step {
    var (moves, more) = ([Move](), false)
    try ledger.view { view in
      let page = try view.rows(of: coalition, after: after, bucket: nil, maximumBytes: Self.pageBytes)
      more = page.more
      let older = page.rows.filter(isToMove)
      let sealed = try vault.sealed(older.filter { $0.key.facet == .listing }.map(\.key))
      var last = page.rows.last?.key
      for (number, row) in older.enumerated() {
        guard moves.count < Self.mostAtOnce else {
          (last, more) = (older[number - 1].key, true)
          break
        }
        // Whatever waits for it already goes first.
        guard try view.queuedRemove(row.key) == nil else { continue }
        if let move = try move(of: row, sealed: sealed[row.key], view) { moves.append(move) }
      }
      after = last ?? after
    }
    let kept = moves.compactMap { move in move.sealed.map { (move.key, $0) } }
    if !kept.isEmpty { try vault.save(kept) }
    if !moves.isEmpty {
      try ledger.transaction { transaction in
        try transaction.enqueue(
          moves.flatMap { move -> [QueuedChange.Content] in
            (move.statement.map { [.put(move.key, statement: $0)] } ?? [])
              + (planted(.movedListingStays) ? [] : [.remove(move.before)])
          })
      }
    }
    outcome.moved += moves.count
    return more ? .goOn(moved: moves.count) : .finished(outcome)
  }

  private struct Move {
    let before, key: StatementKey
    /// Nil if it is stated under the newer key already.
    let statement: [UInt8]?
    let sealed: [UInt8]?
  }

  /// What stands under an older key. What carries a digest under a key that is open yet waits until that closes: it could carry only one,
  /// and is found by either key as it is.
  private func isToMove(_ row: Row) -> Bool {
    guard [.listing, .dispute, .sighting].contains(row.key.facet) else { return false }
    let reading = ContentRule.read(row)
    guard reading.keyEpoch > 0, reading.keyEpoch < newest.keyEpoch else { return false }
    return reading.previous.map { !open.contains($0.keyEpoch) || !open.contains(reading.keyEpoch) } ?? true
  }

  private mutating func move(of row: Row, sealed: [UInt8]?, _ view: LedgerView) throws -> Move? {
    guard let digest = row.key.digest else { return nil }
    switch row.key.facet {
    case .listing:
      guard var listing = try? WireListing(serializedBytes: row.statement), listing.validUntil >= today,
        let type = IndicatorType(rawValue: UInt16(clamping: listing.type.rawValue))
      else { return nil }
      guard let sealed, let item = try? WireVaultItem(serializedBytes: vaultKey.open(sealed, for: row.key.bytes)),
        let indicator = try? Indicator.parse(item.value, as: type)
      else {
        outcome.withoutPlaintext += 1
        return nil
      }
      let key = StatementKey(.listing, newest.digest(of: indicator))
      // The older one that is open: by it others know the indicator.
      if !planted(.earlierDigestNotLinked), !open.contains(listing.previousKeyEpoch) || open.contains(listing.keyEpoch)
      {
        (listing.previousDigest, listing.previousKeyEpoch) = (Data(digest.bytes), listing.keyEpoch)
      }
      (listing.keyEpoch, listing.normaliser) = (newest.keyEpoch, UInt32(indicator.normaliser))
      let isThere = try view.lists(key, coalition: coalition)
      return Move(
        before: row.key, key: key, statement: isThere ? nil : try listing.serializedBytes(),
        sealed: isThere ? nil : try vaultKey.seal(WireVaultItem(indicator).serializedBytes(), for: key.bytes))
    case .dispute:
      guard var dispute = try? WireDispute(serializedBytes: row.statement),
        let later = try later(than: digest, view)
      else { return nil }
      (dispute.previousDigest, dispute.previousKeyEpoch) = (Data(digest.bytes), dispute.keyEpoch)
      dispute.keyEpoch = later.keyEpoch
      return try follow(row, to: StatementKey(.dispute, later.digest), saying: dispute.serializedBytes(), view)
    case .sighting:
      guard var sighting = try? WireSighting(serializedBytes: row.statement),
        let later = try later(than: digest, view)
      else { return nil }
      (sighting.previousDigest, sighting.previousKeyEpoch) = (Data(digest.bytes), sighting.keyEpoch)
      sighting.keyEpoch = later.keyEpoch
      return try follow(row, to: StatementKey(.sighting, later.digest), saying: sighting.serializedBytes(), view)
    default: return nil
    }
  }

  private func follow(_ row: Row, to key: StatementKey, saying statement: [UInt8], _ view: LedgerView) throws -> Move {
    Move(
      before: row.key, key: key, statement: try view.lists(key, coalition: coalition) ? nil : statement, sealed: nil)
  }

  /// The digest under a newer open key that most listings give for one: our own word first, which is from the plaintext.
  private func later(
    than digest: IndicatorDigest, _ view: LedgerView
  ) throws -> (digest: IndicatorDigest, keyEpoch: UInt32)? {
    let known = try view.listedLater(than: digest).filter { open.contains($0.keyEpoch) }
    let ours = try view.successor(of: StatementKey(.listing, digest), coalition: coalition)?.digest
    return known.first { $0.digest == ours } ?? known.first
  }
}
