internal import Alliance
internal import Ledger
internal import Wire

extension Puller {
  func isCurrent(_ ticket: Ticket) -> Bool {
    guard let peer = peers[ticket.peer] else { return false }
    return peer.generation == ticket.generation && peer.pending.contains(ticket.resource)
  }

  mutating func finish(_ ticket: Ticket, at now: Time) {
    peers[ticket.peer]?.pending.remove(ticket.resource)
    peers[ticket.peer]?.lastHeard = now
    if let coalition = ticket.resource.position, tracks[coalition]?.fetchingFrom == ticket.peer {
      tracks[coalition]?.fetchingFrom = nil
    }
  }

  mutating func take(_ answer: PeerAnswer, to ticket: Ticket, at now: Time, _ effects: inout [Effect]) {
    let peer = ticket.peer
    switch answer {
    case .hello(let hello): greet(hello, of: peer, at: now, &effects)
    case .frontier(let heads):
      for head in heads { show(head, by: peer, &effects) }
    case .heads(let page):
      if case .heads(_, wait: 0) = ticket.resource { return takeWitness(page, from: peer, &effects) }
      // Without a cursor it holds the newest head of everyone: ours is not among them only if the peer has none.
      let isWhole = if case .heads(nil, _) = ticket.resource { true } else { false }
      peers[peer]?.cursor = page.cursor
      peers[peer]?.failures = 0
      takeHeads(page, isWhole: isWhole, from: peer, &effects)
    case .deltas(let entries, let more):
      guard let coalition = ticket.resource.position else { return }
      if tracks[coalition]?.copy != nil {
        stage(.deltas(entries, more: more), of: coalition, from: peer, &effects)
      } else if !entries.isEmpty {
        apply(entries, of: coalition, from: peer, &effects)
      }
    case .history(let hashes) where tracks[ticket.resource.position ?? ours]?.inquiry?.peer == peer:
      takeHistory(hashes, to: ticket, &effects)
    case .snapshot, .buckets, .history: takeCopy(answer, to: ticket, &effects)
    case .records(let records):
      guard case .records(let coalition) = ticket.resource else { return }
      effects.append(.storeRecords(coalition, records))
    case .hashKey(let key): effects.append(.storeHashKey(key))
    case .roster: break
    }
  }

  private mutating func greet(
    _ hello: PeerAnswer.Hello, of peer: CoalitionID, at now: Time, _ effects: inout [Effect]
  ) {
    if hello.alliance != alliance || hello.coalition != peer {
      let problem = Problem(
        "another-alliance", "the peer's greeting names another alliance or coalition", object: peer.rawValue,
        next: "compare the alliance fingerprints: vaka alliance show")
      return drop(peer, because: problem, at: now, &effects)
    }
    if !hello.protocols.contains(Head.readerVersion) {
      let problem = Problem(
        "protocol-range", "we speak protocol 1, the peer \(hello.protocols)", object: peer.rawValue,
        next: "upgrade the older node")
      return drop(peer, because: problem, at: now, &effects)
    }
    peers[peer]?.phase = .open
    peers[peer]?.lastProblem = nil
    peers[peer]?.cursor = nil
    peers[peer]?.frontierDue = now
  }

  /// Greets, polls and compares with every peer that is due.
  mutating func advanceLinks(at now: Time, _ effects: inout [Effect]) {
    for peer in others {
      guard let state = peers[peer] else { continue }
      switch state.phase {
      case .paused, .greeting: break
      case .down(let retryAt):
        guard now >= retryAt else { break }
        peers[peer]?.phase = .greeting
        request(.hello, of: peer, &effects)
      case .open:
        if state.frontierDue <= now, !state.pending.contains(.frontier) {
          peers[peer]?.frontierDue = now + settings.frontierEvery
          request(.frontier, of: peer, &effects)
        }
        let isPolling = state.pending.contains { resource in
          if case .heads(_, let wait) = resource { wait > 0 } else { false }
        }
        if !isPolling {
          request(.heads(after: state.cursor, wait: settings.pollSeconds), of: peer, &effects)
        }
        if let epoch = missingHashKeys.min(), now >= hashKeyDue {
          hashKeyDue = now + settings.longestRetry
          request(.hashKey(epoch), of: peer, &effects)
        }
      }
    }
  }

  mutating func request(_ resource: PeerResource, of peer: CoalitionID, _ effects: inout [Effect]) {
    guard let state = peers[peer], !state.pending.contains(resource) else { return }
    peers[peer]?.pending.insert(resource)
    effects.append(.request(Ticket(peer: peer, resource: resource, generation: state.generation)))
  }

  /// Drops a link: everything under way on it is forgotten, and it is tried again after a growing, spread time.
  mutating func drop(_ peer: CoalitionID, because problem: Problem, at now: Time, _ effects: inout [Effect]) {
    guard let state = peers[peer], state.phase != .paused else { return }
    let failures = min(state.failures + 1, 16)
    let longest = min(settings.longestRetry, settings.firstRetry << Time(failures - 1))
    let wait = longest / 2 + random.next() % (longest / 2 + 1)
    forget(peer, phase: .down(retryAt: now + wait))
    peers[peer]?.failures = failures
    peers[peer]?.lastProblem = problem
    effects.append(.disconnect(peer))
  }

  mutating func forget(_ peer: CoalitionID, phase: PeerState.Phase) {
    peers[peer]?.phase = phase
    peers[peer]?.generation += 1
    peers[peer]?.pending = []
    peers[peer]?.shown = [:]
    peers[peer]?.cursor = nil
    for coalition in pulled {
      if tracks[coalition]?.fetchingFrom == peer { tracks[coalition]?.fetchingFrom = nil }
      if tracks[coalition]?.inquiry?.peer == peer { tracks[coalition]?.inquiry = nil }
    }
  }
}
