internal import Alliance
internal import Links
internal import Logging
internal import Operations
internal import Replication
internal import Wire

/// Peers that cannot dial us are visited, so that they can ask us all the same.
extension Node {
  /// A peer that answers us and has not asked for so long cannot dial us, in milliseconds: its polls come every half minute.
  private static let unheard: UInt64 = 45_000
  private static let offersEvery: UInt64 = 1_000

  func offerIfDue() {
    let now = Self.pace()
    guard now >= offersDue else { return }
    offersDue = now + Self.offersEvery
    let canBeDialled = membership.record(of: home.coalition)?.endpoints.isEmpty == false
    for link in puller.links {
      let lastAsked = max(door.lastAsked(by: link.peer) ?? 0, pacedStart)
      let isWanted = link.state == .open && (!canBeDialled || now - min(now, lastAsked) > Self.unheard)
      if isWanted, offers[link.peer] == nil {
        offers[link.peer] = offer(to: link.peer)
        if canBeDialled {
          logger.notice(
            "a peer that we hear does not reach us, so it is visited", metadata: ["vaka.coalition": "\(link.peer)"])
        }
      } else if !isWanted, let ended = offers.removeValue(forKey: link.peer) {
        end(ended)
      }
    }
    noteCallers()
  }

  /// A peer that calls for the first time, or again, is asked at once.
  private func noteCallers() {
    let calling = Set(lines.all.filter { $0.line.reverse.isOffered }.map(\.peer))
    for peer in calling.subtracting(self.calling).sorted() { feed(.called(peer)) }
    self.calling = calling
  }

  private func offer(to peer: CoalitionID) -> (ReverseOffer, PeerClient) {
    var limits = LinkLimits()
    limits.connectionsToPeer = ReverseOffer.visitors
    let client = dialling.client(of: peer, in: membership, limits: limits)
    let offer = ReverseOffer {
      (answer) async throws(LinkFailure) -> ReverseLink.Question? in
      try await PushVisit.call(client, with: answer)
    } answer: { [door] in
      await door.answer(peer, fetched: $0)
    }
    return (offer, client)
  }

  private func end(_ ended: (offer: ReverseOffer, client: PeerClient)) {
    ended.offer.stop()
    Task { await ended.client.close() }
  }

  func stopOffers() {
    for ended in offers.values { end(ended) }
    offers = [:]
  }

  // MARK: two instances

  /// A peer has answered: the instance that it greeted with is alive.
  func noteInstance(of ticket: Puller.Ticket, _ event: Puller.Event) {
    guard case .answered(_, let answer) = event else { return }
    if case .hello(let hello) = answer { peerInstances[ticket.peer] = hello.instance }
    if let instance = peerInstances[ticket.peer] { door.meet(instance, of: ticket.peer) }
  }

  /// A peer meets several instances of ours: one of them should be this one.
  func instancesMet(_ instances: [[UInt8]], by peer: CoalitionID) {
    guard instances.contains(door.instance), instances.contains(where: { $0 != door.instance }) else { return }
    if doubled.isEmpty {
      logger.error(
        "a second node runs with our keys: stop one of the two before both sign",
        metadata: ["vaka.from": "\(peer)", "vaka.code": "two-instances"])
    }
    doubledBy[peer] = Self.pace()
  }

  /// Peers that have said in the last two minutes that a second node runs with our keys.
  var doubled: [CoalitionID] {
    let now = Self.pace()
    return doubledBy.filter { now - min(now, $0.value) < 120_000 }.keys.sorted()
  }
}
