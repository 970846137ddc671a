internal import Indicators
internal import Ledger
public import Store
public import Wire

/// While a hash key is replaced, what the hit-rate guard holds follows to the newer key, so that it is held still when the older one closes.
public enum FollowHolds {
  /// A hold follows whoever says where: it only lowers what may be done. That an operator released something follows our own word alone.
  /// - Returns: how many were copied to a digest under a newer key, or stood there.
  @discardableResult
  public static func run(_ folder: NodeFolder, in ledger: LedgerStore, coalition: CoalitionID) throws -> Int {
    let holds = try HitRate.holds(in: folder)
    guard !holds.isEmpty else { return 0 }
    let moves = try ledger.view { view in
      try holds.flatMap { hold -> [(IndicatorDigest, IndicatorDigest)] in
        let ours = try view.successor(of: StatementKey(.listing, hold.digest), coalition: coalition)?.digest
        return try view.listedLater(than: hold.digest).map(\.digest)
          .filter { hold.releasedAt == nil || $0 == ours }.map { (hold.digest, $0) }
      }
    }
    guard !moves.isEmpty else { return 0 }
    let log = try ScreeningStore.open(folder.screening)
    defer { try? log.close() }
    for (digest, later) in moves { try log.copyHold(from: digest, to: later) }
    return moves.count
  }
}
