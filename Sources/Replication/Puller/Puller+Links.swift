internal import Alliance
internal import Ledger
internal import Wire

extension Puller {
  /// Whether an answer to this request would still count.
  public func isCurrent(_ ticket: Ticket) -> Bool {
    peers[ticket.peer]?.pending[ticket.resource] == ticket.number
  }

  mutating func finish(_ ticket: Ticket, at now: Time) {
    peers[ticket.peer]?.pending[ticket.resource] = nil
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
      if heads != peers[peer]?.frontier {
        for head in heads { show(head, by: peer, at: now, &effects) }
        peers[peer]?.frontier = heads
      }
    case .heads(let page):
      if case .heads(_, wait: 0, _) = ticket.resource { return takeWitness(page, from: peer, &effects) }
      if let place = silent.firstIndex(of: peer) { silent.remove(at: place) }
      // Without a cursor it holds the newest head of everyone: ours is not among them only if the peer has none.
      let isWhole = if case .heads(nil, _, _) = ticket.resource { true } else { false }
      // A poll from before somebody fell silent may have passed over what is wanted of him now.
      if case .heads(_, _, let relay) = ticket.resource, covers(relay) {
        peers[peer]?.cursor = page.cursor
        peers[peer]?.trail.note(page.cursor, at: now)
      }
      peers[peer]?.toldAt = now
      if peers[peer]?.wantsWhole == true {
        peers[peer]?.cursor = nil
        peers[peer]?.wantsWhole = false
      }
      peers[peer]?.failures = 0
      takeHeads(page, isWhole: isWhole, from: peer, at: now, &effects)
    case .deltas(let entries, let more):
      guard let coalition = ticket.resource.position else { return }
      if entries.isEmpty { tracks[coalition]?.avoid[peer] = now + settings.longestRetry }
      if tracks[coalition]?.copy != nil {
        stage(.deltas(entries, more: more), of: coalition, from: peer, &effects)
      } else if !entries.isEmpty {
        apply(entries, of: coalition, from: peer, &effects)
      }
    case .history(let hashes) where tracks[ticket.resource.position ?? ours]?.inquiry?.peer == peer:
      takeHistory(hashes, to: ticket, &effects)
    case .snapshot, .buckets, .history: takeCopy(answer, to: ticket, at: now, &effects)
    case .records(let records):
      guard case .records(let coalition) = ticket.resource else { return }
      effects.append(.storeRecords(coalition, records))
    case .hashKey(let key): effects.append(.storeHashKey(key))
    case .roster(let bundle): takeRoster(bundle, from: peer, &effects)
    case .deliberation(let bytes, let more): takeDeliberation(bytes, more: more, to: ticket, &effects)
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
    if !hello.protocols.contains(PeerResource.protocolVersion) {
      let problem = Problem(
        "protocol-range", "we speak protocol \(PeerResource.protocolVersion), the peer \(hello.protocols)",
        object: peer.rawValue, next: "upgrade the older node")
      return drop(peer, because: problem, at: now, &effects)
    }
    peers[peer]?.phase = .open
    peers[peer]?.lastProblem = nil
    peers[peer]?.cursor = nil
    peers[peer]?.trail = CursorTrail()
    peers[peer]?.frontierDue = now
    peers[peer]?.greetedRoster = hello.roster
  }

  /// Greets, polls and compares with every peer that is due, and with the one that the event changed.
  mutating func advanceLinks(at now: Time, changed: CoalitionID?, _ effects: inout [Effect]) {
    guard now >= linksDue || changed != nil else { return }
    linksDue = .max
    for (place, peer) in others.enumerated() {
      if linkDues[place] <= now || peer == changed { linkDues[place] = advanceLink(peer, at: now, &effects) }
      linksDue = min(linksDue, linkDues[place])
    }
  }

  /// A record of ours is here: heads of ours that could not be read are to be shown once more.
  mutating func showOwnAgain() {
    for other in others where peers[other]?.ownIsUnread == true {
      peers[other]?.wantsWhole = true
      peers[other]?.ownIsUnread = false
    }
  }

  mutating func lookAtAllLinks() {
    linksDue = 0
    for place in linkDues.indices { linkDues[place] = 0 }
  }

  /// - Returns: when it is next to be looked at, unless something comes from it.
  private mutating func advanceLink(_ peer: CoalitionID, at now: Time, _ effects: inout [Effect]) -> Time {
    guard let state = peers[peer] else { return .max }
    var due = Time.max
    switch state.phase {
    case .paused, .greeting: break
    case .down(let retryAt):
      guard now >= retryAt else { return retryAt }
      peers[peer]?.phase = .greeting
      request(.hello, of: peer, &effects)
    case .open:
      if state.pending[.frontier] == nil {
        if state.frontierDue <= now {
          peers[peer]?.frontierDue = now + settings.frontierEvery
          request(.frontier, of: peer, &effects)
        } else {
          due = state.frontierDue
        }
      }
      due = min(due, askForHashKeys(peer, at: now, &effects))
      due = min(due, askForRosters(peer, at: now, &effects))
      var (polls, isPolling) = (0, false)
      for case .heads(_, let wait, let relay) in state.pending.keys where wait > 0 {
        polls += 1
        isPolling = isPolling || covers(relay)
      }
      // A poll that waits asks for too little if somebody fell silent meanwhile; one more may wait beside it.
      let pollDue = state.isFruitless ? state.polledAt + settings.pollPause : 0
      if !isPolling, polls < 2, now < pollDue {
        due = min(due, pollDue)
      } else if !isPolling, polls < 2 {
        peers[peer]?.polledAt = now
        request(.heads(after: state.cursor, wait: settings.pollSeconds, relay: silent), of: peer, &effects)
      }
    }
    return due
  }

  private func covers(_ relay: [CoalitionID]) -> Bool { relay == silent || silent.allSatisfy(relay.contains) }

  mutating func request(_ resource: PeerResource, of peer: CoalitionID, _ effects: inout [Effect]) {
    guard let state = peers[peer], state.pending[resource] == nil else { return }
    requests += 1
    peers[peer]?.pending[resource] = requests
    effects.append(.request(Ticket(peer: peer, resource: resource, number: requests)))
  }

  /// Drops a link: everything under way on it is forgotten, and it is tried again after a growing, spread time.
  mutating func drop(_ peer: CoalitionID, because problem: Problem, at now: Time, _ effects: inout [Effect]) {
    guard let state = peers[peer], state.phase != .paused else { return }
    let failures = min(state.failures + 1, 16)
    let longest = min(
      planted(.backoffWithoutCap) ? .max : settings.longestRetry, settings.firstRetry << Time(failures - 1))
    let wait = longest / 2 + random.next() % (longest / 2 + 1)
    forget(peer, phase: .down(retryAt: now + wait))
    if let place = others.firstIndex(of: peer) { linkDues[place] = min(linkDues[place], now + wait) }
    linksDue = min(linksDue, now + wait)
    peers[peer]?.failures = failures
    peers[peer]?.lastProblem = problem
    effects.append(.disconnect(peer))
  }

  mutating func forget(_ peer: CoalitionID, phase: PeerState.Phase) {
    peers[peer]?.phase = phase
    peers[peer]?.pending = [:]
    peers[peer]?.shown = [:]
    peers[peer]?.frontier = []
    peers[peer]?.cursor = nil
    peers[peer]?.rosters = nil
    peers[peer]?.named = [:]
    peers[peer]?.ownRecord = nil
    peers[peer]?.deliberationPart = 0
    peers[peer]?.deliberationTaken = nil
    for coalition in pulled {
      if tracks[coalition]?.fetchingFrom == peer, !planted(.fetchDiesWithLink) { tracks[coalition]?.fetchingFrom = nil }
      if tracks[coalition]?.inquiry?.peer == peer { tracks[coalition]?.inquiry = nil }
    }
    if !silent.contains(peer) {
      silent = (silent + [peer]).sorted()
      // What was passed over while this one was heard is wanted from the others now.
      let since = peers[peer]?.toldAt.map { $0 - min($0, settings.longestAnswer) }
      for other in others where peers[other]?.cursor != nil {
        peers[other]?.rewind(to: since, of: other)
      }
      lookAtAllLinks()
    }
  }
}
