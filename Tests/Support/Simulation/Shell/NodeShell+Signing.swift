internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

extension NodeShell {
  func sign(_ machine: SimulatedNode) throws {
    guard machine.wantsHead, let due = machine.process?.signDue, due <= now, machine.signsNotBefore <= now,
      machine.process?.gate.isOpen ?? false
    else { return }
    machine.process?.signDue = now + SimulatedNode.signingPause
    do {
      let heads = try machine.sign(at: now, random: &random)
      machine.process?.needsHead = false
      for head in heads { try noteSigned(head, machine) }
      try happened(.signed, at: machine)
      if !heads.isEmpty { try wake(machine) }
      for head in heads {
        noteChange(machine)
        try feed(.applied(head), to: machine)
      }
    } catch let problem as Problem {
      try cannotSign(problem, machine)
      trace.note("\(machine.coalition) cannot sign: \(problem.code)", at: now)
      if problem.code == "prepared-differs" { throw SimulatedNode.Crash() }
      machine.process?.signDue = now + SimulatedNode.retryPause
    } catch let fault as Ledger.Fault {
      throw Report.Violation(check: .noError, what: "\(machine.coalition) refuses its own head: \(fault.problem)")
    }
  }

  func makeReceipt(_ machine: SimulatedNode) throws {
    guard let due = machine.process?.receiptDue, due <= now else { return }
    machine.process?.receiptDue = now + SimulatedNode.receiptEvery
    // Who is removed has no voice, and who must open an epoch first has no key.
    guard machine.authorProblem == nil else { return }
    do {
      let receipt = try Receipts.make(
        by: machine.author, alliance: machine.membership, in: machine.disk, now: machine.clock.wall(at: now))
      try truth.signed(receipt)
      try happened(.receiptMade(receipt), at: machine)
      machine.process?.feed.receiptCommitted(of: machine.coalition)
      try wake(machine, receiptOf: machine.coalition)
    } catch let problem as Problem where problem.code == "disk-full" {
      machine.process?.receiptDue = now + SimulatedNode.retryPause
    }
  }
}
