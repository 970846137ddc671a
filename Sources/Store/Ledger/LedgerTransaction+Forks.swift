internal import FoundationEssentials
internal import GRDB
public import Ledger
internal import SwiftProtobuf
public import Wire

extension LedgerTransaction {
  public func save(_ proof: ForkProof) throws {
    let bytes: Data = try proof.wire.serializedBytes()
    try statement("INSERT OR REPLACE INTO fork_proofs (coalition, epoch, proof) VALUES (?, ?, ?)").execute(
      arguments: [proof.coalition.rawValue, proof.epoch, bytes])
    forked = nil
  }
}

extension LedgerView {
  public func forkProof(of coalition: CoalitionID, epoch: UInt32) throws -> ForkProof? {
    try statement("SELECT proof FROM fork_proofs WHERE coalition = ? AND epoch = ?")
      .fetchRow([coalition.rawValue, epoch]).map(proof)
  }

  public func forkProofs() throws -> [ForkProof] {
    try statement("SELECT proof FROM fork_proofs ORDER BY coalition, epoch").fetchRows([]).map(proof)
  }

  /// Coalitions whose position is of an epoch in which two histories are proven, looked up once in a view.
  public func forkedCoalitions() throws -> Set<CoalitionID> {
    if let known = forked { return known }
    let found = Set(
      try statement(
        "SELECT c.coalition AS coalition FROM coalitions c JOIN fork_proofs f ON f.coalition = c.coalition AND f.epoch = c.epoch"
      ).fetchRows([]).compactMap { CoalitionID($0["coalition"] as String) })
    forked = found
    return found
  }

  private func proof(_ row: GRDB.Row) throws -> ForkProof {
    guard let wire = try? WireForkProof(serializedBytes: row["proof"] as Data), let proof = try? ForkProof(wire) else {
      throw damaged("a fork proof")
    }
    return proof
  }
}
