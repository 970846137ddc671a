internal import Ledger
internal import Signing
internal import Wire

extension Puller {
  /// Hands an answer to the copy under way. The next page is asked for before this one is written, so that the peer
  /// reads while we write.
  mutating func takeCopy(_ answer: PeerAnswer, to ticket: Ticket, at now: Time, _ effects: inout [Effect]) {
    guard let coalition = ticket.resource.position, tracks[coalition]?.copy != nil else { return }
    switch (answer, ticket.resource) {
    case (.snapshot(let page), .snapshot(_, let atLeast, let after, let bucket)):
      if page.more, let last = page.rows.last?.key {
        let next = SnapshotNeed.page(atLeast: atLeast ?? page.head.reference.hash, after: last, bucket: bucket)
        tracks[coalition]?.copy = next
        tracks[coalition]?.fetchingFrom = ticket.peer
        request(next.resource(of: coalition), of: ticket.peer, &effects)
      }
      stage(.page(page, after: after, bucket: bucket), of: coalition, from: ticket.peer, &effects)
    case (.buckets(let buckets), _): stage(.buckets(buckets), of: coalition, from: ticket.peer, &effects)
    case (.history(let hashes), .history) where hashes.isEmpty:
      // Whoever stands on another, shorter history has none of it.
      foundNothing(coalition, at: ticket.peer, now: now)
    case (.history(let hashes), .history(_, _, let index)):
      stage(.history(hashes, from: index), of: coalition, from: ticket.peer, &effects)
    default: break
    }
  }

  /// The peer has nothing of what is asked for: the next one may.
  mutating func foundNothing(_ coalition: CoalitionID, at peer: CoalitionID, now: Time) {
    tracks[coalition]?.avoid[peer] = now + settings.longestRetry
    if tracks[coalition]?.copy != nil { tracks[coalition]?.dry.insert(peer) }
  }

  mutating func stage(
    _ input: Snapshot.Input, of coalition: CoalitionID, from peer: CoalitionID, _ effects: inout [Effect]
  ) {
    tracks[coalition]?.isApplying = true
    effects.append(.stage(coalition, input, from: peer))
  }

  mutating func staged(
    _ coalition: CoalitionID, _ outcome: Snapshot.Outcome, from peer: CoalitionID, at now: Time,
    _ effects: inout [Effect]
  ) {
    tracks[coalition]?.isApplying = false
    tracks[coalition]?.dry = []
    switch outcome {
    case .goOn(let need):
      // Whoever could not serve the deltas can serve the copy; whose copy failed is asked again when all others have been.
      if let track = tracks[coalition], track.copy == nil, track.holds == 0 { tracks[coalition]?.avoid = [:] }
      tracks[coalition]?.copy = need
    case .finished(let head):
      tracks[coalition]?.copy = nil
      tracks[coalition]?.wantsCopy = false
      tracks[coalition]?.badBytes = 0
      applied(head)
    case .ready(let head):
      // Beside our own position until it is decided what becomes of it; a later head of ours asks for another copy.
      tracks[coalition]?.copy = nil
      tracks[coalition]?.wantsCopy = false
      tracks[coalition]?.applied = head
    case .ended(_, let head):
      tracks[coalition]?.copy = nil
      abandonRequests(for: coalition, at: peer)
      if let count = tracks[coalition]?.ended.count, count >= settings.mostEnded { tracks[coalition]?.ended = [] }
      tracks[coalition]?.ended.insert(head)
    case .failed(let fault, let need):
      tracks[coalition]?.copy = need
      abandonRequests(for: coalition, at: peer)
      let isVoid = if case .void = fault { true } else { false }
      if !isVoid {
        tracks[coalition]?.wantsCopy = true
      } else if need == nil {
        // A copy that peers cannot go on with: whoever has the position will have another one, and not at once.
        let until = now + pause(coalition, atMost: settings.longestLocalPause)
        tracks[coalition]?.heldUntil = until
      } else {
        // The peer holds nothing that counts for us: it will tell when that changes.
        peers[peer]?.shown[coalition] = nil
      }
      // Ours, or the operator's, and not the peer's.
      let isNobodys =
        switch fault {
        case .local, .held, .void: true
        default: false
        }
      if !isNobodys { tracks[coalition]?.avoid[peer] = now + settings.longestRetry }
      stopped(coalition, fault, at: nil, from: peer, now: now, &effects)
    }
  }

  /// Whatever was asked for beyond what failed is of no use.
  private mutating func abandonRequests(for coalition: CoalitionID, at peer: CoalitionID) {
    if tracks[coalition]?.fetchingFrom == peer { tracks[coalition]?.fetchingFrom = nil }
    let others = peers[peer]?.pending.filter { $0.key.position != coalition }
    peers[peer]?.pending = others ?? [:]
  }
}
