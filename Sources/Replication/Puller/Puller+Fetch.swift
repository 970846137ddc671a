internal import Alliance
internal import Ledger
internal import Signing
internal import Wire

extension Puller {
  mutating func show(
    _ head: HeadReference, statements: UInt64? = nil, by peer: CoalitionID, _ effects: inout [Effect]
  ) {
    if let known = peers[peer]?.shown[head.coalition]?.head, !head.isAfter(known), known != head {
      // Whoever shows an earlier head of the same epoch than before stands on another history, or was restored.
      if head.epoch == known.epoch, head.index == known.index { suspect(head, shownBy: peer, &effects) }
      return
    }
    if peers[peer]?.shown[head.coalition]?.head == head { return }
    arrivals += 1
    peers[peer]?.shown[head.coalition] = ShownHead(head: head, arrival: arrivals, statements: statements)
    let applied = head.coalition == ours ? ownHead : tracks[head.coalition]?.applied
    if let applied, head.epoch == applied.epoch, head.index == applied.index, head.hash != applied.hash {
      suspect(head, shownBy: peer, &effects)
    }
  }

  mutating func takeHeads(
    _ page: PeerAnswer.Heads, isWhole: Bool, from peer: CoalitionID, _ effects: inout [Effect]
  ) {
    for (coalition, number) in page.records.sorted(by: { $0.key < $1.key })
    where number > records[coalition, default: 1] { request(.records(coalition), of: peer, &effects) }
    if !page.proofs.isEmpty { effects.append(.storeProofs(page.proofs)) }
    if !page.receipts.isEmpty { effects.append(.storeReceipts(page.receipts)) }
    let own = page.heads.first { $0.head.reference.coalition == ours }
    if isWhole || own != nil { effects.append(.ownHeadShown(by: peer, own?.head)) }
    for announced in page.heads {
      let head = announced.head.reference
      show(head, statements: announced.head.claims.statements, by: peer, &effects)
      if let delta = announced.delta, isNext(head), canApply(head.coalition) {
        apply([StoredEntry(head: announced.head, delta: delta)], of: head.coalition, from: peer, &effects)
      }
    }
  }

  /// Whether a head is the very next one of its coalition's current epoch, or its first.
  private func isNext(_ head: HeadReference) -> Bool {
    if tracks[head.coalition]?.fork?.covers(head) == true { return false }
    guard let applied = tracks[head.coalition]?.applied else { return head.index == 0 }
    return head.epoch == applied.epoch && head.index == applied.index + 1
  }

  private func canApply(_ coalition: CoalitionID) -> Bool {
    guard let track = tracks[coalition], coalition != ours else { return false }
    return track.copy == nil && !track.wantsCopy && isIdle(track)
  }

  func isIdle(_ track: Track) -> Bool {
    !track.isApplying && track.fetchingFrom == nil && track.heldUntil == nil && track.awaitsRecordUntil == nil
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
    tracks[head.coalition]?.avoid = [:]
    tracks[head.coalition]?.deltasAreGone = false
    tracks[head.coalition]?.heldUntil = nil
    tracks[head.coalition]?.holds = 0
  }

  mutating func stopped(
    _ coalition: CoalitionID, _ fault: Fault, at head: HeadReference?, from peer: CoalitionID, now: Time,
    _ effects: inout [Effect]
  ) {
    switch fault {
    case .link(let problem):
      tracks[coalition]?.avoid[peer] = now + settings.longestRetry
      drop(peer, because: problem, at: now, &effects)
    case .coalition(let problem) where problem.code == "epoch-gap": tracks[coalition]?.wantsCopy = true
    case .void:
      // Forget that it was shown; a later epoch will be shown in its place.
      if let head {
        for other in others where peers[other]?.shown[coalition]?.head == head {
          peers[other]?.shown[coalition] = nil
        }
      }
    case .local:
      // Ours, not theirs: nothing is said against anyone, and the same is tried again after a while.
      tracks[coalition]?.heldUntil = now + settings.firstHold
    case .coalition(let problem) where problem.code == "history-differs":
      if let head { suspect(head, shownBy: peer, &effects) }
      hold(coalition, problem, at: now, &effects)
    case .coalition(let problem):
      // Another position than the coalition signed is not mended by more deltas.
      if ["live-digest-differs", "live-counts-differ"].contains(problem.code) { tracks[coalition]?.wantsCopy = true }
      hold(coalition, problem, at: now, &effects)
    case .unknownRecord:
      // Whatever is shown of ours is to be shown again once we can read it.
      if coalition == ours { peers[peer]?.cursor = nil }
      tracks[coalition]?.awaitsRecordUntil = now + settings.longestRetry
      request(.records(coalition), of: peer, &effects)
    case .unknownRoster(let number):
      tracks[coalition]?.awaitsRecordUntil = now + settings.longestRetry
      // Unlike a record, a later roster may be one that only later software reads: say so meanwhile.
      effects.append(.hold(coalition, fault.problem))
      request(.roster(number), of: peer, &effects)
    }
  }

  private mutating func hold(
    _ coalition: CoalitionID, _ problem: Problem, at now: Time, _ effects: inout [Effect]
  ) {
    let holds = min((tracks[coalition]?.holds ?? 0) + 1, 16)
    tracks[coalition]?.holds = holds
    tracks[coalition]?.heldUntil = now + min(settings.longestHold, settings.firstHold << Time(holds - 1))
    effects.append(.hold(coalition, problem))
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
        tracks[coalition]?.deltasAreGone = true
        tracks[coalition]?.avoid[ticket.peer] = now + settings.longestRetry
      }
    case .deltas(let coalition, _, _), .history(let coalition, _, _), .snapshot(let coalition, _, _, _),
      .buckets(let coalition):
      tracks[coalition]?.avoid[ticket.peer] = now + settings.longestRetry
    case .hello, .frontier, .heads: drop(ticket.peer, because: problem, at: now, &effects)
    case .records, .roster, .hashKey: break
    }
  }

  /// Asks for the deltas of every coalition that lags: one page at a time of each, one page at a time from each peer,
  /// from the peer that announced first.
  mutating func advanceFetches(at now: Time, _ effects: inout [Effect]) {
    for coalition in pulled {
      if let until = tracks[coalition]?.heldUntil, until <= now { tracks[coalition]?.heldUntil = nil }
      if let until = tracks[coalition]?.awaitsRecordUntil, until <= now { tracks[coalition]?.awaitsRecordUntil = nil }
      guard let track = tracks[coalition], isIdle(track), coalition != ours || track.wantsCopy else { continue }
      let showing = others.compactMap { peer -> (peer: CoalitionID, head: HeadReference, arrival: UInt64)? in
        guard let state = peers[peer], state.phase == .open, !state.isFetching, let shown = state.shown[coalition],
          shown.head.isAfter(track.applied), track.fork?.covers(shown.head) != true
        else { return nil }
        return (peer, shown.head, shown.arrival)
      }.sorted { $0.arrival < $1.arrival }
      guard let best = showing.first(where: { track.avoid[$0.peer, default: 0] <= now }) else {
        // Who does not keep the deltas any more still has the position.
        if track.deltasAreGone, track.copy == nil, let first = showing.first {
          stage(.begin, of: coalition, from: first.peer, &effects)
        }
        continue
      }
      if let need = track.copy {
        tracks[coalition]?.fetchingFrom = best.peer
        request(need.resource(of: coalition), of: best.peer, &effects)
      } else if track.wantsCopy || isFirstCopy(track, to: best.head) {
        stage(.begin, of: coalition, from: best.peer, &effects)
      } else {
        tracks[coalition]?.fetchingFrom = best.peer
        let next: (epoch: UInt32, index: UInt64) =
          if let applied = track.applied, applied.epoch == best.head.epoch {
            (applied.epoch, applied.index + 1)
          } else {
            (best.head.epoch, 0)
          }
        request(.deltas(coalition, epoch: next.epoch, from: next.index), of: best.peer, &effects)
      }
    }
  }

  /// Rows in the order of keys are the cheapest way to a whole position; a single head is cheaper by its delta.
  private func isFirstCopy(_ track: Track, to head: HeadReference) -> Bool {
    track.applied == nil && (head.epoch > 1 || head.index > 0)
  }
}
