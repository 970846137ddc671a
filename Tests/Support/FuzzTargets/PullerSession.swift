internal import Alliance
internal import AllianceBench
internal import Ledger
internal import Replication
internal import Simulation
internal import Wire

/// A session of the puller in which the fuzzer decides what happens next: which answer arrives, whether it is honest, damaged,
/// late or none, and how much time passes. Effects are carried out on a disk in memory.
struct PullerSession {
  private var choices: Choices
  private let bench: FuzzAlliance
  private let disk = SimulatedDisk()
  private var puller: Puller
  private var now: Puller.Time = 1_000
  private var asked: [Puller.Ticket] = []
  private var waiting: [Puller.Event] = []

  init(_ bytes: [UInt8]) throws {
    choices = Choices(bytes)
    bench = try FuzzAlliance.shared.get()
    guard let se = CoalitionID("se") else { throw BrokenPromise("se is a coalition") }
    puller = Puller(
      alliance: bench.alliance.membership.alliance, ours: se, members: bench.alliance.coalitions, frontier: [],
      paused: [], seed: UInt64(choices.byte()))
  }

  mutating func run() throws {
    try feed(.tick)
    var steps = 0
    while choices.areLeft, steps < 400 {
      steps += 1
      try step()
    }
  }

  private mutating func step() throws {
    switch choices.below(12) {
    case 0:
      now += UInt64(choices.byte()) * 500
      try feed(.tick)
    case 1...4: try answer(isHonest: true)
    case 5...7: try answer(isHonest: false)
    case 8:
      guard let ticket = takeTicket() else { return }
      try feed(.linkFailed(ticket, Problem("timeout", "no answer")))
    case 9:
      guard let ticket = takeTicket() else { return }
      let code = choices.below(2) == 0 ? "deltas-gone" : "not-found"
      try feed(.resourceFailed(ticket, Problem(code, "a refusal")))
    case 10:
      guard let peer = choices.one(of: bench.alliance.coalitions) else { return }
      try feed(choices.below(2) == 0 ? .paused(peer) : .resumed(peer))
    default:
      guard !waiting.isEmpty else { return }
      try feed(waiting.remove(at: choices.below(waiting.count)))
    }
  }

  private mutating func takeTicket() -> Puller.Ticket? {
    asked.isEmpty ? nil : asked.remove(at: choices.below(asked.count))
  }

  private mutating func answer(isHonest: Bool) throws {
    guard let ticket = takeTicket() else { return }
    guard let honest = try bench.body(of: ticket.resource, from: ticket.peer) else {
      return try feed(.resourceFailed(ticket, Problem("not-found", "a refusal")))
    }
    do {
      let body = isHonest ? honest : choices.damaged(honest)
      try feed(.answered(ticket, PeerAnswer(to: ticket.resource, body: body)))
    } catch let problem as Problem {
      try feed(.linkFailed(ticket, problem))
    }
  }

  private mutating func feed(_ event: Puller.Event) throws {
    let effects = puller.handle(event, at: now)
    let members = bench.alliance.coalitions.count
    try BrokenPromise.check(effects.count <= 16 * members, "an event has few effects: \(effects.count)")
    for effect in effects {
      switch effect {
      case .request(let ticket):
        try BrokenPromise.check(!asked.contains(ticket), "nothing is asked twice at the same time: \(ticket)")
        asked.append(ticket)
      case .disconnect(let peer): asked.removeAll { $0.peer == peer }
      case .apply(let coalition, let entries, let peer):
        let outcome = try Replica.apply(entries, of: coalition, membership: bench.alliance.membership, in: disk, now: 0)
        waiting += outcome.applied.map { .applied($0) }
        if let fault = outcome.fault { waiting.append(.stopped(coalition, fault, at: outcome.at, from: peer)) }
        waiting.append(.applyEnded(coalition))
      case .stage(let coalition, let input, let peer):
        let outcome = try Snapshot.take(
          input, of: coalition, membership: bench.alliance.membership, in: disk, now: 0)
        waiting.append(.staged(coalition, outcome, from: peer))
      case .storeRecords(let coalition, _): waiting.append(.recordsStored(coalition, newest: 1))
      default: break
      }
    }
    try BrokenPromise.check(asked.count <= 8 * members * members, "requests under way are bounded: \(asked.count)")
    try BrokenPromise.check(waiting.count <= 64 * members, "work under way is bounded: \(waiting.count)")
    for peer in bench.alliance.coalitions {
      let fetching = asked.filter { $0.peer == peer && $0.resource.isOfPosition }
      // One page of a lagging position, and what looks into the forks of each coalition.
      try BrokenPromise.check(fetching.count <= 1 + members, "few pages at a time are asked of a peer")
    }
  }
}

extension PeerResource {
  fileprivate var isOfPosition: Bool {
    switch self {
    case .deltas, .history, .snapshot, .buckets: true
    default: false
    }
  }
}
