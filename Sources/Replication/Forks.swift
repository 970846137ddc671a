public import Alliance
public import Ledger
public import Signing
public import Wire

/// What is kept of coalitions that signed two histories, and what follows.
///
/// A proof acts on an open epoch alone: heads below its index are applied, others are not, positions stay as they are, and
/// the whole coalition counts for nothing until its identity key opens a new epoch.
public enum Forks {
  /// Makes a proof of a peer's head and the history before it, if ours contradicts them.
  /// - Parameters:
  ///   - theirs: the newest head that a peer holds of the coalition, not verified yet.
  ///   - history: hashes of the heads before it, from index 0, as the peer gave them.
  /// - Returns: nil if the two histories are one, or if what the peer gave does not hold.
  /// - Throws: what the store throws.
  public static func judge(
    theirs: Head, history: [ObjectHash], membership: Membership, reading reader: any LedgerReading
  ) throws -> ForkProof? {
    let coalition = theirs.reference.coalition
    guard let authority = membership.headAuthority(of: coalition), let ours = try reader.signedHead(of: coalition),
      ours.reference.epoch == theirs.reference.epoch
    else { return nil }
    let proof =
      if ours.reference.index <= theirs.reference.index {
        ForkProof(ours, theirs, history: history)
      } else {
        ForkProof(
          theirs, ours,
          history: try reader.history(
            of: coalition, epoch: ours.reference.epoch, from: 0, limit: Int(clamping: ours.reference.index)))
      }
    guard let proof, proof.isValid(under: authority) else { return nil }
    return proof
  }

  /// Keeps the proofs that hold, each in the place of a later one of its epoch.
  /// - Returns: those that are new here, to be passed on and acted on after this returns.
  /// - Throws: what the store throws; nothing is then kept.
  public static func keep(
    _ proofs: [ForkProof], membership: Membership, in database: some LedgerDatabase
  ) throws -> [ForkProof] {
    let valid = proofs.filter { proof in
      membership.headAuthority(of: proof.coalition).map { !$0.isClosed(proof.epoch) && proof.isValid(under: $0) }
        ?? false
    }
    guard !valid.isEmpty else { return [] }
    return try database.write { writer in
      var kept: [ForkProof] = []
      for proof in valid where proof.precedes(try writer.forkProof(of: proof.coalition, epoch: proof.epoch)) {
        try writer.save(proof)
        kept.append(proof)
      }
      return kept
    }
  }

  /// Coalitions of which a proof cannot be judged yet: no record here opens its epoch.
  public static func unread(_ proofs: [ForkProof], membership: Membership) -> [CoalitionID] {
    let unread = proofs.filter { proof in
      membership.headAuthority(of: proof.coalition).map { $0.epochs[proof.epoch] == nil } ?? false
    }
    return Set(unread.map(\.coalition)).sorted()
  }

  /// The proofs that act now: those of epochs that no later one has closed.
  public static func open(in membership: Membership, _ reader: any LedgerReading) throws -> [ForkProof] {
    try reader.forkProofs().filter { proof in
      membership.headAuthority(of: proof.coalition).map { !$0.isClosed(proof.epoch) } ?? false
    }
  }

  /// The proof that acts on this coalition: of the epoch of its position, until a head of a later epoch is applied.
  public static func acting(on coalition: CoalitionID, _ reader: any LedgerReading) throws -> ForkProof? {
    guard let head = try reader.position(of: coalition).head else { return nil }
    return try reader.forkProof(of: coalition, epoch: head.epoch)
  }

  /// The proof that keeps a node from signing: of its newest epoch, whether or not a head of that is there yet.
  public static func stopping(
    _ coalition: CoalitionID, membership: Membership, _ reader: any LedgerReading
  ) throws -> ForkProof? {
    guard let newest = membership.record(of: coalition)?.epochs.last else { return nil }
    let epoch = planted(.forkOutlivesEpoch) ? max(1, newest.number - 1) : newest.number
    return try reader.forkProof(of: coalition, epoch: epoch)
  }

  /// Why heads from there on are not applied.
  public static func fault(_ proof: ForkProof) -> Fault { .void(problem(proof)) }

  static let code = "forked"

  /// What to show a person.
  public static func problem(_ proof: ForkProof) -> Problem {
    Problem(
      "forked",
      "the coalition signed two histories, proven from head \(proof.epoch)/\(proof.index) on: a restored copy, a second "
        + "node or a stolen key",
      object: "\(proof.coalition)", next: "its operator opens a new epoch: vaka key rotate")
  }
}

extension HeadAuthority {
  func isClosed(_ epoch: UInt32) -> Bool { epochs[epoch]?.isClosed ?? true }
}
