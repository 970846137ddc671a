internal import Alliance
internal import Foundation
internal import Ledger
internal import Links
internal import Logging
internal import Operations
internal import Replication
internal import Store
internal import Wire

extension Node {
  /// From a change to the receipt that tells of it, so that a burst of heads makes one receipt, in milliseconds.
  static let receiptPause: UInt64 = 400
  private static let receiptEvery: UInt64 = 300_000

  /// Gives the puller an event and carries out what follows, and what follows from that.
  func feed(_ event: Puller.Event) {
    var events = [event]
    while !events.isEmpty {
      let now = Self.pace()
      for effect in puller.handle(events.removeFirst(), at: now) { carryOut(effect, &events) }
    }
  }

  private func carryOut(_ effect: Puller.Effect, _ events: inout [Puller.Event]) {
    switch effect {
    case .request(let ticket): ask(ticket)
    case .apply(let coalition, let entries, let peer): apply(entries, of: coalition, from: peer, &events)
    case .stage(let coalition, let input, let peer): stage(input, of: coalition, from: peer, &events)
    case .storeReceipts(let receipts): store(receipts)
    case .storeRecords(let coalition, let records): store(records, of: coalition, &events)
    case .storeRoster(let bundle, let peer): store(bundle, from: peer, &events)
    case .storeDeliberation(let bytes, let peer): store(deliberation: bytes, from: peer, &events)
    case .ownHeadShown(let peer, let head): ownHeadShown(by: peer, head, &events)
    case .storeProofs(let proofs): keep(proofs, &events)
    case .judgeFork(let coalition, let theirs, let history): judgeFork(coalition, theirs, history, &events)
    case .storeHashKey(let key): store(key, &events)
    case .hold(let coalition, let problem):
      logger.warning(
        "a coalition is held at its last good head",
        metadata: ["vaka.coalition": "\(coalition)", "vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)"])
      try? ledger.transaction { try $0.saveHold(problem, of: coalition) }
      receiptDue = min(receiptDue, Self.pace() + Self.receiptPause)
    case .instancesMet(let peer, let instances): instancesMet(instances, by: peer)
    case .disconnect(let peer): lines[peer]?.dropLinks()
    }
  }

  // MARK: asking

  private func ask(_ ticket: Puller.Ticket) {
    // A roster that came in force meanwhile has begun everything anew.
    guard let line = lines[ticket.peer], puller.isCurrent(ticket) else { return }
    // Not on the node's own thread: what is asked for travels, and is read and hashed, while the store writes.
    Task.detached { [traffic] in
      let started = ContinuousClock.now
      let event: Puller.Event
      do throws(LinkFailure) {
        let response = try await line.get(ticket.resource.path, timeout: Self.timeout(of: ticket.resource))
        event = Self.event(response, ticket)
        let isReadable = if case .linkFailed = event { false } else { true }
        traffic.asked(
          ticket.peer, for: ticket.resource, status: response.status, bytes: response.body.count, readable: isReadable)
      } catch {
        traffic.asked(ticket.peer, for: ticket.resource, failed: error.code)
        event = .linkFailed(ticket, await self.explain(error, peer: ticket.peer, asked: ticket))
      }
      await self.answered(ticket, event, after: ContinuousClock.now - started)
    }
  }

  private static func timeout(of resource: PeerResource) -> Duration {
    if case .heads(_, let wait, _) = resource { .seconds(wait + 10) } else { .seconds(30) }
  }

  private static func event(_ response: PeerResponse, _ ticket: Puller.Ticket) -> Puller.Event {
    guard response.status == 200 else {
      let problem = response.problem ?? Problem("answer-\(response.status)", "the peer answered \(response.status)")
      return .resourceFailed(ticket, problem)
    }
    do throws(Problem) {
      return .answered(ticket, try PeerAnswer(to: ticket.resource, body: response.body))
    } catch {
      return .linkFailed(ticket, error)
    }
  }

  private func answered(_ ticket: Puller.Ticket, _ event: Puller.Event, after duration: Duration) {
    if case .answered = event {
      notes[ticket.peer] = nil
      noteInstance(of: ticket, event)
      if case .frontier = ticket.resource { roundTrips[ticket.peer] = duration / .milliseconds(1) }
    }
    feed(event)
  }

  /// What a person needs to know of a failed link: for a refusal also what a check of our own certificate finds.
  func explain(_ failure: LinkFailure, peer: CoalitionID, asked ticket: Puller.Ticket? = nil) async -> Problem {
    var what = failure.what
    if let refusal = failure.refusal {
      what += " (\(refusal.code.rawValue))"
      if refusal.code == .unknownAuthority {
        what += "; if it has another one since, ask it for the file of vaka alliance record export, and import that"
      }
    }
    if failure.code == .refusedUs {
      let finding = await checkOwnCertificate(
        identity: certificate.identity, trust: trust, now: Date(), coalition: home.coalition)
      what +=
        finding.map { "; our own certificate: \($0.reason)" }
        ?? "; our own certificate is good by our roster: compare rosters and clocks with \(peer), or hand it our newest record: "
        + "vaka alliance record export"
    }
    // Requests that end because the link was dropped say nothing of why it was.
    let isAftermath = failure.code == .closed && puller.links.contains { $0.peer == peer && $0.state == .down }
    if !isAftermath, ticket.map(puller.isCurrent) ?? true { notes[peer] = what }
    return Problem(failure.code.rawValue, what, object: peer.rawValue)
  }

  // MARK: applying

  private func apply(
    _ entries: [StoredEntry], of coalition: CoalitionID, from peer: CoalitionID, _ events: inout [Puller.Event]
  ) {
    if let problem = crashHolds[coalition] {
      events.append(.stopped(coalition, .held(problem), at: entries.first?.head.reference, from: peer))
      return events.append(.applyEnded(coalition))
    }
    noteApplying(coalition, entries.first.map { "\($0.head.reference)" } ?? "\(coalition)")
    defer { applying.end() }
    do {
      let outcome = try Replica.apply(
        entries, of: coalition, membership: membership, in: ledger, now: Self.milliseconds())
      if !outcome.applied.isEmpty, suspect?.coalition == coalition { suspect = nil }
      let changes = entries.filter { outcome.applied.contains($0.head.reference) }
        .reduce(0) { $0 + Int($1.head.claims.deltaChanges) }
      traffic.applied(outcome.applied.count, changes: changes, of: coalition)
      if entries.contains(where: { $0.head.raisesFloor && outcome.applied.contains($0.head.reference) }) {
        noteErased()
      }
      for head in outcome.applied { noteApplied(head) }
      if let fault = outcome.fault {
        traffic.stopped(coalition, by: fault.problem.code)
        logger.warning(
          "a head could not be applied",
          metadata: [
            "vaka.coalition": "\(coalition)", "vaka.from": "\(peer)", "vaka.code": "\(fault.problem.code)",
            "vaka.reason": "\(fault.problem.what)",
          ])
        events.append(.stopped(coalition, fault, at: outcome.at, from: peer))
      }
    } catch {
      traffic.storeFailed()
      logger.error("the store could not apply a head", metadata: ["vaka.reason": "\(error)"])
      let problem = error as? Problem ?? Problem("store-failed", "\(error)")
      events.append(.stopped(coalition, .local(problem), at: nil, from: peer))
    }
    events.append(.applyEnded(coalition))
  }

  private func stage(
    _ input: Snapshot.Input, of coalition: CoalitionID, from peer: CoalitionID, _ events: inout [Puller.Event]
  ) {
    if let problem = crashHolds[coalition] {
      let need = try? ledger.read { try $0.staged(of: coalition)?.need }
      return events.append(.staged(coalition, .failed(.held(problem), need), from: peer))
    }
    noteApplying(coalition, "a copy of \(coalition)")
    defer { applying.end() }
    do {
      let outcome = try Snapshot.take(
        input, of: coalition, isBeside: coalition == home.coalition, membership: membership, in: ledger,
        now: Self.milliseconds())
      if case .begin = input {} else { notePace(of: coalition, outcome) }
      switch outcome {
      case .goOn: break
      case .ready(let head): try ownPositionIsHere(head, &events)
      case .finished(let head):
        traffic.copied(coalition)
        noteErased()
        logger.notice("a copy of a whole position is in force", metadata: ["vaka.head": "\(head)"])
        noteApplied(head, isWholePosition: true)
      case .failed(let fault, let need):
        noteRefused(coalition, peer, fault.problem, isWhole: need == nil)
      case .ended(let problem, _): noteRefused(coalition, peer, problem, isWhole: true)
      }
      events.append(.staged(coalition, outcome, from: peer))
    } catch {
      traffic.storeFailed()
      logger.error("the store could not take a page of a copy", metadata: ["vaka.reason": "\(error)"])
      let problem = error as? Problem ?? Problem("store-failed", "\(error)")
      let need = try? ledger.read { try $0.staged(of: coalition)?.need }
      events.append(.staged(coalition, .failed(.local(problem), need), from: peer))
    }
  }

  private func noteRefused(_ coalition: CoalitionID, _ peer: CoalitionID, _ problem: Problem, isWhole: Bool) {
    traffic.stopped(coalition, by: problem.code)
    logger.warning(
      isWhole ? "a copy of a position was given up" : "a page of a copy was refused",
      metadata: [
        "vaka.coalition": "\(coalition)", "vaka.from": "\(peer)", "vaka.code": "\(problem.code)",
        "vaka.reason": "\(problem.what)",
      ])
  }

  private func notePace(of coalition: CoalitionID, _ outcome: Snapshot.Outcome) {
    switch outcome {
    case .goOn where copyPaces[coalition] != nil: break
    case .goOn:
      let statements = try? ledger.read { try $0.staged(of: coalition)?.statements }
      copyPaces[coalition] = CopyStatus.Pace(since: Self.pace(), statements: statements ?? 0)
    case .failed(_, let need) where need != nil: break
    case .ready, .finished, .failed, .ended: copyPaces[coalition] = nil
    }
  }

  // MARK: receipts

  private func store(_ receipts: [Receipt]) {
    do {
      let changed = try Receipts.keep(
        receipts, besides: home.coalition, membership: membership, in: ledger, now: Self.milliseconds())
      for coalition in changed { announcements.receiptCommitted(of: coalition) }
    } catch {
      logger.error("receipts could not be stored", metadata: ["vaka.reason": "\(error)"])
    }
  }

  /// Says what we have applied: soon after a change, and now and then without one.
  func makeReceiptIfDue() {
    guard Self.pace() >= receiptDue, !waitsForEmptyLog else { return }
    receiptDue = Self.pace() + Self.receiptEvery
    guard let author else { return }
    do {
      let receipt = try Receipts.make(by: author, alliance: membership, in: ledger, now: Self.milliseconds())
      announcements.receiptCommitted(of: receipt.coalition)
    } catch {
      logger.error("no receipt could be made", metadata: ["vaka.reason": "\(error)"])
    }
  }

  /// Notes now and then who answered, for screenings without a running node.
  func saveHeard() {
    let now = Self.pace()
    let heard = puller.links.compactMap { link in link.heardAt.map { (link.peer, $0) } }
    // Who answers for the first time is noted at once, so that nobody is called silent who is not.
    guard heard.count > heardSaved.peers || (!heard.isEmpty && now >= heardSaved.at + 5_000) else { return }
    heardSaved = (now, heard.count)
    try? ledger.transaction { transaction in
      for (peer, time) in heard { try transaction.saveHeard(peer, at: Self.wall(time)) }
      for (peer, time) in puller.recordsWholeAt {
        var watch = try transaction.recordWatch(of: peer)
        guard watch.wholeAt.map({ time > $0 + 60_000 || time < $0 }) ?? true else { continue }
        watch.wholeAt = time
        try transaction.save(watch, of: peer)
      }
    }
  }
}
