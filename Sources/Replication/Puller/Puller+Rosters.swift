internal import Alliance
public import Ledger
public import Signing
public import Wire

/// Rosters travel by name, as records do: a peer says how far its rosters are and what the name is of all that it knows of the
/// next one, and who knows less, or other things, asks.
extension Puller {
  /// A deliberation has at most so many parts: their bytes are bounded.
  private static let mostParts = 64

  /// Peers that have shown since this start, over a link that is open, what they know of the next roster, all of which is here.
  public var deliberationHeard: [CoalitionID] {
    others.filter { peer in
      guard let state = peers[peer], state.phase == .open, let shown = state.rosters, shown.number == roster else {
        return false
      }
      return shown.deliberation == nil || [deliberation, state.deliberationTaken].contains(shown.deliberation)
    }
  }

  /// The same puller among other members, after a roster. Everyone is greeted and asked anew; an answer to what was asked
  /// before counts for nothing.
  public func renewed(
    members: [CoalitionID], frontier: [HeadReference], paused: Set<CoalitionID>, records: [CoalitionID: RecordName],
    forks: [CoalitionID: ProvenFork], missingHashKeys: Set<UInt32>, roster: UInt32, deliberation: ObjectHash?
  ) -> Puller {
    var random = random
    let members = planted(.removedHeadsApplied) ? Array(Set(members + self.members)).sorted() : members
    var puller = Puller(
      alliance: alliance, ours: ours, members: members, frontier: frontier, paused: paused, records: records,
      forks: forks, missingHashKeys: missingHashKeys, roster: roster, deliberation: deliberation, settings: settings,
      seed: random.next())
    puller.requests = requests
    if let track = tracks[ours] { puller.tracks[ours] = Track(applied: track.applied) }
    return puller
  }

  mutating func rostersChanged(
    _ deliberation: ObjectHash?, records: [CoalitionID: RecordName], _ effects: inout [Effect]
  ) {
    self.deliberation = deliberation
    for (coalition, name) in records { self.records[coalition] = name }
    lookAtAllLinks()
    // The names of records that peers have told of before count now.
    for (coalition, known) in records.sorted(by: { $0.key < $1.key }) {
      for other in others where peers[other]?.named[coalition].map({ known.lacks($0) }) ?? false {
        peers[other]?.named[coalition] = nil
        if peers[other]?.phase == .open { request(.records(coalition), of: other, &effects) }
      }
    }
    for other in others where records.contains(where: { $0.value.number == 0 }) { peers[other]?.wantsWhole = true }
  }

  mutating func takeRosters(_ news: PeerAnswer.Rosters?, from peer: CoalitionID) {
    if let news { peers[peer]?.rosters = news }
  }

  mutating func takeRoster(_ bundle: RosterBundle, from peer: CoalitionID, _ effects: inout [Effect]) {
    guard bundle.roster.number == roster &+ 1 else { return }
    effects.append(.storeRoster(bundle, from: peer))
  }

  mutating func takeDeliberation(
    _ bytes: [UInt8], more: Bool, to ticket: Ticket, _ effects: inout [Effect]
  ) {
    guard case .deliberation(let number, let part) = ticket.resource, number == roster &+ 1 else { return }
    if more, part + 1 < Self.mostParts {
      peers[ticket.peer]?.deliberationPart = part + 1
    } else {
      peers[ticket.peer]?.deliberationPart = 0
      let asked = peers[ticket.peer]?.deliberationAsked
      peers[ticket.peer]?.deliberationTaken = asked
    }
    effects.append(.storeDeliberation(bytes, from: ticket.peer))
  }

  /// Asks a peer for the roster after ours, or for what it knows of it.
  /// - Returns: when to look again.
  mutating func askForRosters(_ peer: CoalitionID, at now: Time, _ effects: inout [Effect]) -> Time {
    guard let state = peers[peer], let shown = state.rosters else { return .max }
    let resource: PeerResource
    if shown.number > roster {
      resource = .roster(roster + 1)
    } else if shown.number == roster, let digest = shown.deliberation, digest != deliberation,
      digest != state.deliberationTaken
    {
      resource = .deliberation(roster + 1, part: state.deliberationPart)
    } else {
      return .max
    }
    let isAsked = state.pending.keys.contains {
      switch $0 {
      case .roster, .deliberation: true
      default: false
      }
    }
    guard !isAsked else { return .max }
    guard now >= state.rostersDue else { return state.rostersDue }
    peers[peer]?.rostersDue = now + settings.rosterPause
    if case .deliberation(_, part: 0) = resource { peers[peer]?.deliberationAsked = shown.deliberation }
    request(resource, of: peer, &effects)
    return .max
  }

  /// Asks a peer for the hash keys that are missing: each of one peer at a time, of the next as soon as one has it not. One key that
  /// nobody has keeps no other waiting.
  mutating func askForHashKeys(_ peer: CoalitionID, at now: Time, _ effects: inout [Effect]) -> Time {
    var (due, asked) = (Time.max, 0)
    // Who does not know yet of the roster that brings a key cannot have it in use; it tells when it does.
    guard let state = peers[peer], max(state.greetedRoster, state.rosters?.number ?? 0) >= roster else { return due }
    for epoch in missingHashKeys.sorted() {
      guard asked < 16, others.allSatisfy({ peers[$0]?.pending[.hashKey(epoch)] == nil }) else { continue }
      let mayAsk = peers[peer]?.hashKeysDue[epoch] ?? 0
      if now >= mayAsk {
        peers[peer]?.hashKeysDue[epoch] = now + settings.longestRetry
        request(.hashKey(epoch), of: peer, &effects)
        asked += 1
      } else {
        due = min(due, mayAsk)
      }
    }
    return due
  }

  mutating func hashKeyFailed(_ epoch: UInt32, at peer: CoalitionID, now: Time) {
    peers[peer]?.hashKeysDue[epoch] = now + settings.hashKeyPause
    lookAtAllLinks()
  }

  mutating func rostersFailed(_ peer: CoalitionID, at now: Time) {
    peers[peer]?.deliberationPart = 0
    peers[peer]?.rostersDue = now + settings.longestRetry
  }
}
