internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// What this simulation looks at, counts and plans while the shell carries out what nodes want.
extension CouncilSimulation: NodeShell {
  var breaker: Breaker.Limits { .standard }
  var recordsMayBeRefused: Bool { true }

  func machine(_ number: Int) -> SimulatedNode? { nodes[number].machine }

  func number(of peer: CoalitionID, askedBy machine: SimulatedNode) -> Int? { numbers[peer] }

  func says(_ peer: SimulatedNode, to exchange: Exchange, mayWait: Bool) throws -> Served? {
    if let lie = try thiefSays(peer, to: exchange, mayWait: mayWait) { return lie }
    let (node, asker) = (nodes[peer.index], nodes[exchange.asker])
    let served = try node.answer(to: exchange.ticket.resource, from: asker.coalition, mayWait: mayWait)
    if let served { try checkServed(served, to: asker, by: node) }
    return served
  }

  func noteLost() {}

  func take(_ answer: PeerAnswer, bytes: Int, _ exchange: Exchange, _ machine: SimulatedNode) throws {
    try feed(.answered(exchange.ticket, answer), to: machine)
  }

  func crash(_ machine: SimulatedNode) throws { try crash(nodes[machine.index]) }

  func planDue(_ machine: SimulatedNode) { planDue(nodes[machine.index]) }

  func cannotSign(_ problem: Problem, _ machine: SimulatedNode) throws {
    guard problem.code == "disk-full" else { throw problem }
  }

  func carryOutOther(_ effect: Puller.Effect, _ machine: SimulatedNode, _ events: inout [Puller.Event]) throws {
    let node = nodes[machine.index]
    switch effect {
    case .storeRoster(let bundle, let peer):
      do { try putInForce(bundle, at: node) } catch let problem as Problem {
        events.append(.rosterRefused(peer, problem))
      }
    case .storeDeliberation(let bytes, _):
      if let read = try? Deliberation.read(bytes: bytes, after: node.chain).deliberation {
        try unite(read, at: node)
      }
    case .storeHashKey(let key): try keep(key, node, &events)
    case .storeRecords(let coalition, let records): try keep(records, of: coalition, node, &events)
    case .disconnect(let peer): trace.note("\(node.coalition) drops \(peer)", at: now)
    default: break
    }
  }

  func happened(_ moment: ShellMoment, at machine: SimulatedNode) throws {
    let node = nodes[machine.index]
    switch moment {
    case .copied: outcome.copies += 1
    case .stopped(let problem):
      guard mayLose.contains(node.coalition) || truth.mayFork.contains(node.coalition) || machine.authorProblem != nil
      else {
        throw Report.Violation(check: .signingGoesOn, what: "\(node.coalition) was not set back: \(problem)")
      }
    case .receiptsKept: try checkStored(at: node)
    case .epochOpened:
      node.settleAuthor(at: now)
      if let record = machine.membership.record(of: node.coalition) { node.ownRecord = record }
      // Whoever signs a record with the identity key keeps a copy of it.
      images[node.index] = nil
      outcome.epochs += 1
    default: break
    }
  }
}

extension CouncilSimulation.Occurrence: ShellOccurrence {}
