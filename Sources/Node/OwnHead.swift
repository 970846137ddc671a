internal import Alliance
internal import Keys
internal import Ledger
internal import Operations
internal import Replication
internal import Store
internal import Wire

/// What the store and the sign mark say at start of the last head that this node decided to sign.
enum OwnHead {
  /// Finishes what was decided, discards what was not, and says under which condition signing may begin.
  /// - Throws: what the store throws.
  static func settle(_ materials: NodeMaterials) throws -> (SignGate, SignMark?) {
    let (author, ledger, membership) = (materials.author, materials.ledger, materials.membership)
    let peers = membership.roster.coalitions.filter { $0 != author.coalition }
    let mark: SignMark
    do throws(Problem) {
      mark = try SignMark.read(materials.home.folder.signMark, alliance: membership.alliance)
    } catch {
      try author.discardPrepared(in: ledger)
      return (SignGate(coalition: author.coalition, peers: peers, mark: .differs(error)), nil)
    }
    if let prepared = try ledger.read({ try $0.preparedHeads() }) {
      let decided = try Author.reference(of: prepared)
      if mark.decision?.names(decided) == true {
        _ = try author.publish(prepared, in: ledger, membership: membership)
      } else {
        try author.discardPrepared(in: ledger)
      }
    }
    let head = try ledger.read { try $0.position(of: author.coalition).head }
    let matches = mark.decision.map { $0.names(head) } ?? (head == nil)
    let state: SignGate.Mark =
      matches
      ? .matches
      : .differs(
        Problem(
          "sign-mark-differs",
          "the sign mark names another head than this store's newest: one of them is an older copy",
          object: materials.home.folder.signMark,
          next: "restore the newest store, or wait until all peers have answered"))
    return (SignGate(coalition: author.coalition, peers: peers, mark: state), mark)
  }
}
