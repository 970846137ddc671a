internal import Alliance
internal import Ledger
internal import Replication
internal import Signing
internal import Wire

/// Proofs: of an honest coalition there is none, unless it had two machines, was set back with its mark, or lost its key to a thief.
extension NodeShell {
  func keep(_ proofs: [ForkProof], _ machine: SimulatedNode, _ events: inout [Puller.Event]) throws {
    let kept: [ForkProof]
    do {
      kept = try Forks.keep(proofs, membership: machine.membership, in: machine.disk)
    } catch let problem as Problem where problem.code == "disk-full" {
      trace.note("\(machine.coalition) cannot keep a proof: \(problem.code)", at: now)
      return events.append(.proofsNotKept)
    }
    for coalition in Forks.unread(proofs, membership: machine.membership) { events.append(.proofUnread(coalition)) }
    for proof in kept {
      guard truth.mayFork.contains(proof.coalition) else {
        throw Report.Violation(
          check: .noSelfFork,
          what:
            "\(machine.coalition) has proof against \(proof.coalition): \(proof.first.reference), \(proof.second.reference)"
        )
      }
      trace.note(
        "\(machine.coalition) keeps proof that \(proof.coalition) forked at \(proof.epoch)/\(proof.index)", at: now)
      machine.process?.feed.proofCommitted(of: proof.coalition)
      try wake(machine)
      noteChange(machine)
      if proof.coalition == machine.coalition { machine.process?.gate.stop(Forks.problem(proof)) }
      try happened(.proven(proof), at: machine)
      events.append(.forkProven(proof.coalition, epoch: proof.epoch, index: proof.index))
    }
  }

  func judgeFork(
    _ coalition: CoalitionID, _ theirs: Head, _ history: [ObjectHash], _ machine: SimulatedNode,
    _ events: inout [Puller.Event]
  ) throws {
    let proof = try machine.disk.read {
      try Forks.judge(theirs: theirs, history: history, membership: machine.membership, reading: $0)
    }
    if let proof { try keep([proof], machine, &events) }
    events.append(.forkJudged(coalition))
  }
}
