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
    let (ledger, membership, coalition) = (materials.ledger, materials.membership, materials.home.coalition)
    let peers = membership.roster.coalitions.filter { $0 != coalition }
    let stop = try reasonToStop(materials)
    let mark: SignMark
    do throws(Problem) {
      mark = try SignMark.read(materials.home.folder.signMark, alliance: membership.alliance)
    } catch {
      try ledger.write { try $0.savePrepared(nil) }
      return (SignGate(coalition: coalition, peers: peers, mark: .differs(error), stop: stop), nil)
    }
    if let prepared = try ledger.read({ try $0.preparedHeads() }) {
      let decided = try Author.reference(of: prepared)
      if let author = materials.author, mark.decision?.names(decided) == true, author.epoch == decided.epoch {
        _ = try author.publish(prepared, in: ledger, membership: membership)
      } else {
        // Not decided, or of an epoch that a record has closed since: the changes are still queued.
        try ledger.write { try $0.savePrepared(nil) }
      }
    }
    let head = try ledger.read { try $0.position(of: coalition).head }
    let decided = mark.decision?.reference(of: coalition)
    if let decided, decided.isAfter(head) {
      let problem = Problem(
        "sign-mark-ahead",
        "the sign mark names a later head than this store holds, and no peer holds it: what was signed then is lost",
        object: materials.home.folder.signMark,
        next: "restore the newest store; if there is none: vaka key rotate, and list again what is missing")
      return (SignGate(coalition: coalition, peers: peers, mark: .ahead(problem), stop: stop), mark)
    }
    let state: SignGate.Mark =
      SignGate.matches(decided: decided, store: head, newest: membership.record(of: coalition)?.epochs.last)
      ? .matches
      : .differs(
        Problem(
          "sign-mark-differs",
          "the sign mark names another head than this store's newest: one of them is an older copy",
          object: materials.home.folder.signMark,
          next: "restore the newest store, or wait until all peers have answered"))
    return (SignGate(coalition: coalition, peers: peers, mark: state, stop: stop), mark)
  }

  /// Why nothing can be signed, whatever peers say.
  private static func reasonToStop(_ materials: NodeMaterials) throws -> Problem? {
    if let conflict = materials.membership.conflicts[materials.home.coalition] { return conflict.problem }
    if materials.author == nil { return materials.authorProblem ?? keyIsLost(materials.home) }
    let (coalition, membership) = (materials.home.coalition, materials.membership)
    return try materials.ledger.read { reader in
      if try VoidPosition.isVoid(coalition, membership: membership, reader) {
        return VoidPosition.problem(of: coalition)
      }
      return try Forks.stopping(coalition, membership: membership, reader).map(Forks.problem)
    }
  }

  static func keyIsLost(_ home: NodeHome) -> Problem {
    Problem(
      "signing-key-lost",
      "the signing key of the newest epoch is not in this folder: the node listens and cannot speak",
      object: home.folder.path, next: "once its peers have answered: vaka key rotate")
  }
}
