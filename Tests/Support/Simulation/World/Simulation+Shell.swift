internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// What this simulation looks at, counts and plans while the shell carries out what nodes want.
extension Simulation: NodeShell {
  var recordsMayBeRefused: Bool { false }

  func number(of peer: CoalitionID, askedBy machine: SimulatedNode) -> Int? {
    let isOfClone = clone?.isUp == true && clone?.coalition == peer && reachesClone.contains(machine.index)
    return isOfClone ? nodes.count : numbers[peer]
  }

  func says(_ peer: SimulatedNode, to exchange: Exchange, mayWait: Bool) throws -> Served? {
    let resource = exchange.ticket.resource
    guard let sender = machine(exchange.asker), !peer.isStalling,
      !(peer.stallsBodies && resource.isPosition)
    else { return nil }
    if peer.isTempting, let lie = try Liar.signPastCut(peer, to: resource, asker: sender, stolen, &random) {
      return lie
    }
    if peer.isLying, random.happens(oneIn: 3),
      let lie = try Liar.lie(peer, to: resource, asker: sender.coalition, &random)
    {
      return lie
    }
    let served = try peer.answer(to: resource, from: sender.coalition, mayWait: mayWait)
    if case .answer(.heads(let page), _)? = served {
      for announced in page.heads { note(announced.head.reference, by: peer) }
    }
    return served
  }

  func noteLost() { report.lost += 1 }

  func take(_ answer: PeerAnswer, bytes: Int, _ exchange: Exchange, _ machine: SimulatedNode) throws {
    report.allBytes += UInt64(bytes)
    if case .heads = answer { report.headsBytes += UInt64(bytes) }
    let bodies = bodies(in: answer, for: machine)
    try feed(.answered(exchange.ticket, answer), to: machine)
    count(bodies, at: machine, isSecond: exchange.answers > 1)
  }

  func cannotSign(_ problem: Problem, _ machine: SimulatedNode) throws {
    switch problem.code {
    case "disk-full", "prepared-differs": break
    // A machine that was set back with its mark has gone on in an epoch that it had closed.
    case "epoch-gap" where truth.mayFork.contains(machine.coalition) && machine.isSetBack:
      machine.hasEpochGap = true
      planOperator(machine)
    default: throw problem
    }
  }

  func carryOutOther(_ effect: Puller.Effect, _ machine: SimulatedNode, _ events: inout [Puller.Event]) throws {
    switch effect {
    case .storeRecords(let coalition, let records): try store(records, of: coalition, machine, &events)
    case .disconnect(let peer): try checkDropped(peer, by: machine)
    default: break
    }
  }

  func happened(_ moment: ShellMoment, at machine: SimulatedNode) throws {
    switch moment {
    case .asks(let peer):
      report.requests += 1
      if machine.index < nodes.count, peer < nodes.count { asked[machine.index * nodes.count + peer] = now }
      if machine.index < nodes.count, peer == nodes.count, let number = clone.flatMap({ numbers[$0.coalition] }) {
        asked[machine.index * nodes.count + number] = now
      }
    case .willApply(let entries):
      if planted(.seenBeforeCommit), let last = entries.last { note(last.head.reference, by: machine) }
    case .judged(let heads, let entries, let before, let coalition):
      try checkBreaker(heads, entries, before: before, of: coalition, at: machine)
    case .applied(let heads, let entries, let coalition, let peer):
      if peer != coalition { report.relayed += heads.count }
      for entry in entries where heads.contains(entry.head.reference) {
        report.newBytes += UInt64(entry.delta.count)
      }
    case .page: report.pages += 1
    case .copying(let head):
      report.copies += 1
      breakers[machine.index]?[head.coalition]?.taken = []
    case .copied(let head): noteCopied(machine.disk.state.positions[head.coalition]?.liveBytes)
    case .ownIsHere: noteCopied(machine.disk.state.copies[machine.coalition]?.liveBytes)
    case .awaitsOperator: planOperator(machine)
    case .recovered:
      report.recoveries += 1
      (machine.isSetBack, machine.hasEpochGap) = (false, false)
    case .stopped(let problem):
      guard machine.isSetBack || truth.mayFork.contains(machine.coalition) else {
        throw Report.Violation(check: .signingGoesOn, what: "\(machine.coalition) was not set back: \(problem)")
      }
      if problem.code == "sign-mark-ahead" { planOperator(machine) }
    case .signed: if planted(.signedBeforeDurable) { agenda.plan(.sync(machine.index), at: now + 20_000) }
    case .receiptMade(let receipt):
      for entry in receipt.entries where entry.state == .applied {
        note(
          HeadReference(
            coalition: entry.coalition, epoch: entry.epoch, index: entry.index, hash: entry.headHash), by: machine)
      }
    case .receiptsKept: break
    case .held(let coalition, let problem):
      try checkHold(problem, of: coalition, at: machine)
      if problem.code == "breaker" { noteBreaker(coalition, at: machine) }
    case .epochOpened:
      (machine.isSetBack, machine.hasEpochGap) = (false, false)
      report.epochs += 1
    case .proven(let proof):
      report.proofs += 1
      if proof.coalition == machine.coalition, machine.index < nodes.count { planOperator(machine) }
    }
  }

  private func noteCopied(_ bytes: UInt64?) {
    report.newBytes += bytes ?? 0
    report.copiedBytes += bytes ?? 0
  }

  private func planOperator(_ machine: SimulatedNode) {
    agenda.plan(.operate(machine.index), at: now + 60_000 + random.below(300_000))
  }
}

extension Simulation.Occurrence: ShellOccurrence {}
