internal import Ledger
internal import Signing
internal import Wire

/// A peer's history that ours does not lead to, on its way here.
struct ForkInquiry: Sendable {
  let peer: CoalitionID
  let epoch: UInt32
  /// The peer's newest head of that epoch, once it is here.
  var witness: Head?
  /// Hashes of the heads before it, from index 0.
  var history: [ObjectHash] = []
}

/// A failed comparison of histories is never the link's fault: the peer is asked for the head that it stands on and for the
/// hashes of the heads before it. With one of our own that makes a proof, or shows that there is none.
extension Puller {
  mutating func suspect(_ head: HeadReference, shownBy peer: CoalitionID, _ effects: inout [Effect]) {
    if head.coalition == ours, tracks[ours] == nil { tracks[ours] = Track() }
    guard let track = tracks[head.coalition], track.inquiry == nil, track.fork?.epoch != head.epoch else { return }
    tracks[head.coalition]?.inquiry = ForkInquiry(peer: peer, epoch: head.epoch)
    request(.heads(after: nil, wait: 0, relay: []), of: peer, &effects)
  }

  /// The newest heads of a peer, each signed, asked for beside the long poll.
  mutating func takeWitness(_ page: PeerAnswer.Heads, from peer: CoalitionID, _ effects: inout [Effect]) {
    for coalition in pulled {
      guard let inquiry = tracks[coalition]?.inquiry, inquiry.peer == peer, inquiry.witness == nil else { continue }
      guard
        let witness = page.heads.first(where: { $0.head.reference.coalition == coalition })?.head,
        witness.reference.epoch == inquiry.epoch
      else {
        tracks[coalition]?.inquiry = nil
        continue
      }
      tracks[coalition]?.inquiry?.witness = witness
      askHistory(of: coalition, &effects)
    }
  }

  mutating func takeHistory(_ hashes: [ObjectHash], to ticket: Ticket, _ effects: inout [Effect]) {
    guard case .history(let coalition, _, let index) = ticket.resource, let inquiry = tracks[coalition]?.inquiry,
      index == UInt64(inquiry.history.count)
    else { return }
    guard !hashes.isEmpty else {
      tracks[coalition]?.inquiry = nil
      return
    }
    tracks[coalition]?.inquiry?.history += hashes
    askHistory(of: coalition, &effects)
  }

  private mutating func askHistory(of coalition: CoalitionID, _ effects: inout [Effect]) {
    guard let inquiry = tracks[coalition]?.inquiry, let witness = inquiry.witness else { return }
    if UInt64(inquiry.history.count) < witness.reference.index {
      let next = PeerResource.history(coalition, epoch: inquiry.epoch, from: UInt64(inquiry.history.count))
      return request(next, of: inquiry.peer, &effects)
    }
    let history = Array(inquiry.history.prefix(Int(clamping: witness.reference.index)))
    effects.append(.judgeFork(coalition, theirs: witness, history: history))
  }

  mutating func forkProven(_ coalition: CoalitionID, epoch: UInt32, index: UInt64) {
    if coalition == ours, tracks[ours] == nil { return }
    tracks[coalition]?.inquiry = nil
    if let known = tracks[coalition]?.fork, (known.epoch, UInt64.max - known.index) > (epoch, UInt64.max - index) {
      return
    }
    if planted(.forkFetchedAgain) { return }
    tracks[coalition]?.fork = ProvenFork(epoch: epoch, index: index)
  }

  mutating func recoverOwn(_ wanted: Bool) {
    guard wanted else {
      tracks[ours] = nil
      return
    }
    if tracks[ours] == nil { tracks[ours] = Track() }
    tracks[ours]?.wantsCopy = true
    lagging.insert(ours)
  }
}
