internal import Alliance
internal import Ledger
internal import Signing
internal import Wire

extension Puller {
  mutating func show(
    _ head: HeadReference, statements: UInt64? = nil, by peer: CoalitionID, at now: Time, _ effects: inout [Effect]
  ) {
    let known = peers[peer]?.shown[head.coalition]?.head
    if known == head { return }
    let applied = head.coalition == ours ? ownHead : tracks[head.coalition]?.applied
    // Another head in the place of one that is known: another history.
    for other in [known, applied] {
      if let other, head.epoch == other.epoch, head.index == other.index, head.hash != other.hash {
        suspect(head, shownBy: peer, &effects)
      }
    }
    guard head.isAfter(known) else { return }
    arrivals += 1
    peers[peer]?.shown[head.coalition] = ShownHead(head: head, arrival: arrivals, at: now, statements: statements)
    if let track = tracks[head.coalition], head.isAfter(track.applied) { lagging.insert(head.coalition) }
  }

  mutating func takeHeads(
    _ page: PeerAnswer.Heads, isWhole: Bool, from peer: CoalitionID, at now: Time, _ effects: inout [Effect]
  ) {
    takeRecordNames(page.records, from: peer, at: now, &effects)
    let hasRosters = page.rosters.map { $0 != peers[peer]?.rosters } ?? false
    takeRosters(page.rosters, from: peer)
    if !page.proofs.isEmpty { effects.append(.storeProofs(page.proofs)) }
    if !page.receipts.isEmpty { effects.append(.storeReceipts(page.receipts)) }
    if page.instances.count > 1 { effects.append(.instancesMet(by: peer, page.instances)) }
    let arrivalsBefore = arrivals
    let own = page.heads.first { $0.head.reference.coalition == ours }
    if isWhole || own != nil { effects.append(.ownHeadShown(by: peer, own?.head)) }
    for announced in page.heads {
      let head = announced.head.reference
      show(head, statements: announced.head.claims.statements, by: peer, at: now, &effects)
      if let delta = announced.delta, isNext(head), canApply(head.coalition, at: now) {
        apply([StoredEntry(head: announced.head, delta: delta)], of: head.coalition, from: peer, &effects)
      }
    }
    let hasReceipts = noteReceipts(page.receipts, from: peer)
    // Without a cursor everything is told at once.
    peers[peer]?.isFruitless = !isWhole && arrivals == arrivalsBefore && !hasReceipts && !hasRosters
  }

  /// - Returns: whether the peer had not passed on one of them before.
  private mutating func noteReceipts(_ receipts: [Receipt], from peer: CoalitionID) -> Bool {
    var isNew = false
    for receipt in receipts {
      let name = ReceiptName(epoch: receipt.epoch, number: receipt.number)
      if let known = peers[peer]?.receipts[receipt.coalition], name <= known { continue }
      peers[peer]?.receipts[receipt.coalition] = name
      isNew = true
    }
    return isNew
  }

  /// Whether a head is the very next one of its coalition's current epoch, or its first.
  private func isNext(_ head: HeadReference) -> Bool {
    if tracks[head.coalition]?.fork?.covers(head) == true { return false }
    guard let applied = tracks[head.coalition]?.applied else { return head.index == 0 }
    return head.epoch == applied.epoch && head.index == applied.index + 1
  }

  private func canApply(_ coalition: CoalitionID, at now: Time) -> Bool {
    guard let track = tracks[coalition], coalition != ours else { return false }
    return track.copy == nil && !track.wantsCopy && isIdle(track, at: now)
  }

  func isIdle(_ track: Track, at now: Time) -> Bool {
    !track.isApplying && track.fetchingFrom == nil && (track.heldUntil ?? 0) <= (planted(.heldForEver) ? 0 : now)
      && (track.awaitsRecordUntil ?? 0) <= now
  }

  mutating func apply(
    _ entries: [StoredEntry], of coalition: CoalitionID, from peer: CoalitionID, _ effects: inout [Effect]
  ) {
    guard tracks[coalition]?.isApplying == false else { return }
    tracks[coalition]?.isApplying = true
    effects.append(.apply(coalition, entries, from: peer))
  }

  mutating func applied(_ head: HeadReference) {
    if head.coalition == ours {
      if head.isAfter(ownHead) { ownHead = head }
      return
    }
    guard head.isAfter(tracks[head.coalition]?.applied) else { return }
    tracks[head.coalition]?.applied = head
    tracks[head.coalition]?.awaitsRoster = false
    tracks[head.coalition]?.avoid = [:]
    tracks[head.coalition]?.ended = []
    tracks[head.coalition]?.deltasAreGone = false
    tracks[head.coalition]?.heldUntil = nil
    tracks[head.coalition]?.holds = 0
    tracks[head.coalition]?.badBytes = 0
  }

  mutating func stopped(
    _ coalition: CoalitionID, _ fault: Fault, at head: HeadReference?, from peer: CoalitionID, now: Time,
    _ effects: inout [Effect]
  ) {
    switch fault {
    case .link(let problem) where !planted(.linkFaultHolds):
      tracks[coalition]?.avoid[peer] = now + settings.longestRetry
      // A delta whose bits flipped on its own coalition's disk is good nowhere: the position itself is.
      if problem.code == "delta-hash" {
        let badBytes = (tracks[coalition]?.badBytes ?? 0) + 1
        tracks[coalition]?.badBytes = badBytes
        if badBytes == settings.mostBadBytes { tracks[coalition]?.wantsCopy = true }
      }
      drop(peer, because: problem, at: now, &effects)
    case .coalition(let problem) where planted(.coalitionFaultDropsLink):
      drop(peer, because: problem, at: now, &effects)
    case .coalition(let problem) where problem.code == "epoch-gap": tracks[coalition]?.wantsCopy = true
    case .void:
      // Forget that it was shown, and whatever stands on it: else that is fetched again at once, for ever. A later epoch will
      // be shown in its place.
      if let head {
        for other in others {
          guard let shown = peers[other]?.shown[coalition]?.head, shown.epoch == head.epoch, shown.index >= head.index
          else { continue }
          peers[other]?.shown[coalition] = nil
        }
      }
    case .local:
      // Ours, not theirs: nothing is said against anyone, and the same is tried again after a growing while.
      let until = now + pause(coalition, atMost: settings.longestLocalPause)
      tracks[coalition]?.heldUntil = until
    case .held(let problem):
      tracks[coalition]?.heldUntil = now + settings.longestHold
      effects.append(.hold(coalition, problem))
    case .coalition(let problem) where problem.code == "history-differs":
      if let head { suspect(head, shownBy: peer, &effects) }
      hold(coalition, problem, at: now, &effects)
    case .coalition(let problem), .link(let problem):
      // Another position than the coalition signed is not mended by more deltas.
      if ["live-digest-differs", "live-counts-differ"].contains(problem.code) { tracks[coalition]?.wantsCopy = true }
      hold(coalition, problem, at: now, &effects)
    case .unknownRecord:
      // Whatever is shown of ours is to be shown again once we can read it, and not before: that record may never come.
      if coalition == ours { peers[peer]?.ownIsUnread = true }
      tracks[coalition]?.awaitsRecordUntil = now + settings.longestRetry
      if !heldRecords.contains(coalition) { request(.records(coalition), of: peer, &effects) }
    case .unknownRoster(let number):
      tracks[coalition]?.awaitsRecordUntil = now + settings.longestRetry
      // A roster comes a moment before or after the heads that name it. One that does not come may be one that only later
      // software reads: say so.
      if tracks[coalition]?.awaitsRoster == true { effects.append(.hold(coalition, fault.problem)) }
      tracks[coalition]?.awaitsRoster = true
      if number > roster { request(.roster(roster + 1), of: peer, &effects) }
    }
  }

  private mutating func hold(
    _ coalition: CoalitionID, _ problem: Problem, at now: Time, _ effects: inout [Effect]
  ) {
    let until = now + pause(coalition, atMost: settings.longestHold)
    tracks[coalition]?.heldUntil = until
    effects.append(.hold(coalition, problem))
  }

  mutating func pause(_ coalition: CoalitionID, atMost longest: Time) -> Time {
    let holds = min((tracks[coalition]?.holds ?? 0) + 1, 16)
    tracks[coalition]?.holds = holds
    return min(longest, settings.firstHold << Time(holds - 1))
  }

  mutating func resourceFailed(
    _ ticket: Ticket, _ problem: Problem, at now: Time, _ effects: inout [Effect]
  ) {
    if let coalition = ticket.resource.position, tracks[coalition]?.inquiry?.peer == ticket.peer {
      tracks[coalition]?.inquiry = nil
    }
    switch ticket.resource {
    case .deltas(let coalition, _, _) where problem.code == "deltas-gone":
      if tracks[coalition]?.copy != nil {
        stage(.deltasGone, of: coalition, from: ticket.peer, &effects)
      } else {
        if !planted(.pruneDuringSession) { tracks[coalition]?.deltasAreGone = true }
        tracks[coalition]?.avoid[ticket.peer] = now + settings.longestRetry
      }
    case .deltas(let coalition, _, _), .history(let coalition, _, _), .snapshot(let coalition, _, _, _),
      .buckets(let coalition):
      foundNothing(coalition, at: ticket.peer, now: now)
    case .hello, .frontier, .heads: drop(ticket.peer, because: problem, at: now, &effects)
    case .hashKey(let epoch): hashKeyFailed(epoch, at: ticket.peer, now: now)
    case .records, .roster, .deliberation: break
    }
  }

  /// Asks for the deltas of every coalition that lags: one page at a time of each, one page at a time from each peer,
  /// from the peer that announced first.
  mutating func advanceFetches(at now: Time, _ effects: inout [Effect]) {
    fetchesDue = .max
    guard !lagging.isEmpty else { return }
    for coalition in pulled where lagging.contains(coalition) { advanceFetch(of: coalition, at: now, &effects) }
  }

  private mutating func advanceFetch(of coalition: CoalitionID, at now: Time, _ effects: inout [Effect]) {
    guard let track = tracks[coalition], coalition != ours || track.wantsCopy else { return }
    let ahead = others.compactMap { peer -> (peer: CoalitionID, shown: ShownHead, isFree: Bool)? in
      guard let state = peers[peer], state.phase == .open, let shown = state.shown[coalition],
        shown.head.isAfter(track.applied), coalition == ours || track.fork?.covers(shown.head) != true,
        !track.ended.contains(shown.head)
      else { return nil }
      return (peer, shown, !state.isFetching)
    }
    guard !ahead.isEmpty else {
      lagging.remove(coalition)
      return
    }
    guard isIdle(track, at: now) else {
      for until in [track.heldUntil, track.awaitsRecordUntil] {
        if let until, until > now { fetchesDue = min(fetchesDue, until) }
      }
      return
    }
    // Who told first, of those that have not failed or failed longest ago.
    let showing = ahead.filter(\.isFree).sorted {
      (track.avoid[$0.peer, default: 0], $0.shown.arrival) < (track.avoid[$1.peer, default: 0], $1.shown.arrival)
    }
    guard let best = showing.first(where: { track.avoid[$0.peer, default: 0] <= (planted(.avoidedForEver) ? 0 : now) })
    else {
      for entry in showing { fetchesDue = min(fetchesDue, track.avoid[entry.peer, default: .max]) }
      // A copy that was begun at a head that is no more, of a history that has ended, leads nowhere.
      if track.copy != nil, ahead.allSatisfy({ track.dry.contains($0.peer) }) {
        stage(.gone, of: coalition, from: ahead[0].peer, &effects)
      }
      // Who does not keep the deltas any more still has the position.
      if track.deltasAreGone, track.copy == nil, let first = showing.first {
        stage(.begin, of: coalition, from: first.peer, &effects)
      }
      return
    }
    if let need = track.copy {
      tracks[coalition]?.fetchingFrom = best.peer
      request(need.resource(of: coalition), of: best.peer, &effects)
    } else if track.wantsCopy || isFirstCopy(track, to: best.shown.head) {
      stage(.begin, of: coalition, from: best.peer, &effects)
    } else {
      let patience = best.shown.at + settings.relayPause
      if now < patience, peers[coalition]?.phase == .open, !ahead.contains(where: { $0.peer == coalition }) {
        // Its own coalition is about to tell, and then the body need not be asked for.
        fetchesDue = min(fetchesDue, patience)
        return
      }
      tracks[coalition]?.fetchingFrom = best.peer
      let next: (epoch: UInt32, index: UInt64) =
        if let applied = track.applied, applied.epoch == best.shown.head.epoch {
          (applied.epoch, applied.index + 1)
        } else {
          (best.shown.head.epoch, 0)
        }
      request(.deltas(coalition, epoch: next.epoch, from: next.index), of: best.peer, &effects)
    }
  }

  /// Rows in the order of keys are the cheapest way to a whole position; a single head is cheaper by its delta.
  private func isFirstCopy(_ track: Track, to head: HeadReference) -> Bool {
    track.applied == nil && (head.epoch > 1 || head.index > 0)
  }
}
