internal import Alliance
internal import AllianceBench
internal import Indicators
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import SwiftProtobuf
internal import Wire

/// Several nodes, a network that delays and loses, and crashes: one seed is one run.
public final class Simulation {
  private enum Occurrence {
    case tick
    case request(Puller.Ticket, from: CoalitionID, life: Int)
    case reply(Puller.Ticket, to: CoalitionID, life: Int, Puller.Event)
    case pollEnds(Puller.Ticket, from: CoalitionID, life: Int, started: UInt64)
    case restart(CoalitionID)
  }

  /// What goes wrong beside delay and loss while the trouble lasts.
  public enum Trouble: Sendable {
    case crashes
    /// The first and the last coalition never reach each other again once all have asked before signing.
    case cut
    /// The last coalition joins late, and everyone keeps only the newest deltas, so that whole positions are copied while
    /// they change; nodes crash on top of it.
    case forgetting
  }

  public private(set) var trace: [String] = []
  public let nodes: [SimulatedNode]
  private var random: SeededRandom
  private var now: UInt64 = 1_000
  private var order: UInt64 = 0
  private var agenda: [(at: UInt64, order: UInt64, Occurrence)] = []
  private let troubledUntil: UInt64
  private let trouble: Trouble
  private var haveMet = false
  /// Every head that was ever published, to see that nobody signs two for one index.
  private var published: [String: ObjectHash] = [:]
  public private(set) var forks: [String] = []
  public private(set) var crashes = 0
  public private(set) var lost = 0
  /// Whole positions taken by snapshot, and answers taken into copies.
  public private(set) var copies = 0
  public private(set) var pages = 0
  /// Heads that came from another node than the one that signed them.
  public private(set) var relayed = 0

  /// - Parameter troubledUntil: milliseconds after which nothing is lost and nobody crashes.
  public init(
    seed: UInt64, coalitions: [String] = ["se", "no", "us"], trouble: Trouble = .crashes,
    troubledUntil: UInt64 = 60_000
  ) throws {
    random = SeededRandom(seed: seed)
    self.trouble = trouble
    self.troubledUntil = troubledUntil
    let alliance = try FoundedAlliance(coalitions, random: &random)
    nodes = try alliance.coalitions.map { try SimulatedNode($0, in: alliance) }
    for node in nodes.dropLast(trouble == .forgetting ? 1 : 0) { try node.start(random: &random) }
    if trouble == .forgetting, let late = nodes.last { plan(.restart(late.coalition), in: 20_000) }
    plan(.tick, in: 0)
  }

  /// Runs until everyone agrees after the trouble, or the time is over.
  /// - Returns: whether all agree.
  public func run(until end: UInt64) throws -> Bool {
    while !agenda.isEmpty, now < end {
      let next = agenda.removeFirst()
      now = max(now, next.at)
      try happen(next.2)
      if case .tick = next.2, now > troubledUntil, try allAgree() { return true }
    }
    return try allAgree()
  }

  private func allAgree() throws -> Bool {
    guard nodes.allSatisfy(\.isUp) else { return false }
    let views = try nodes.map { node in
      try node.disk.read { reader in
        guard try reader.queueCount() == 0 else { return ["queue of \(node.coalition)"] }
        return try nodes.map { "\(try reader.position(of: $0.coalition).digest.hash)" }
      }
    }
    return try views.allSatisfy { $0 == views[0] } && nodes.allSatisfy { try receiptsAreComplete(at: $0) }
  }

  /// Whether everyone's receipt is here and says that the newest heads are applied: what a withdrawal waits for.
  private func receiptsAreComplete(at node: SimulatedNode) throws -> Bool {
    try node.disk.read { reader in
      let frontier = try reader.frontier()
      let receipts = try reader.receipts().map(\.receipt)
      return receipts.count == nodes.count
        && receipts.allSatisfy { receipt in
          frontier.allSatisfy { head in
            let entry = receipt.entry(of: head.coalition)
            return entry?.headHash == head.hash && entry?.state == .applied
          }
        }
    }
  }

  private var isTroubled: Bool { now < troubledUntil }

  private func plan(_ occurrence: Occurrence, in delay: UInt64) {
    order += 1
    let entry = (at: now + delay, order: order, occurrence)
    let place = agenda.firstIndex { ($0.at, $0.order) > (entry.at, entry.order) } ?? agenda.endIndex
    agenda.insert(entry, at: place)
  }

  private func node(_ coalition: CoalitionID) -> SimulatedNode? { nodes.first { $0.coalition == coalition } }

  private func happen(_ occurrence: Occurrence) throws {
    switch occurrence {
    case .tick:
      for node in nodes { try tick(node) }
      haveMet = haveMet || nodes.allSatisfy { $0.gate.isOpen }
      plan(.tick, in: 100)
    case .restart(let coalition):
      guard let node = node(coalition), !node.isUp else { return }
      try node.start(random: &random)
      trace.append("\(now) \(coalition) starts")
    case .request(let ticket, let asker, let life): try answer(ticket, asker, life, started: now, mayWait: true)
    case .pollEnds(let ticket, let asker, let life, let started):
      try answer(ticket, asker, life, started: started, mayWait: now < started + 5_000)
    case .reply(let ticket, let asker, let life, let event):
      guard let node = node(asker), node.isUp, node.life == life else { return }
      trace.append("\(now) \(asker) \(ticket.peer)\(ticket.resource)")
      try feed(event, to: node)
    }
  }

  private func tick(_ node: SimulatedNode) throws {
    guard node.isUp else { return }
    let mayCrash = isTroubled && trouble != .cut
    if trouble == .forgetting, random.happens(oneIn: 20) { try node.forgetDeltas() }
    if mayCrash, random.happens(oneIn: 300) { return crash(node) }
    if isTroubled, random.happens(oneIn: 8) { try change(node) }
    try feed(.tick, to: node)
    switch try node.sign(now: now, random: &random, crashOdds: mayCrash ? 40 : nil) {
    case .published(let heads): for head in heads { try publish(head, node) }
    case .crashed: crash(node)
    case .nothing, .prepared, .marked: break
    }
    try node.makeReceiptIfDue(at: now)
    if let head = try node.disk.read({ try $0.position(of: node.coalition).head }) { note(head) }
  }

  private func publish(_ head: HeadReference, _ node: SimulatedNode) throws {
    trace.append("\(now) \(head) \(head.hash.hex.prefix(8))")
    node.noteChange(at: now)
    try feed(.applied(head), to: node)
  }

  private func note(_ head: HeadReference) {
    if let other = published[head.description], other != head.hash { forks.append(head.description) }
    published[head.description] = head.hash
  }

  private func crash(_ node: SimulatedNode) {
    crashes += 1
    node.crash()
    trace.append("\(now) \(node.coalition) crashes")
    plan(.restart(node.coalition), in: 500 + random.below(8_000))
  }

  /// Lists or withdraws one of a few indicators, and now and then so many that they take several heads.
  private func change(_ node: SimulatedNode) throws {
    for _ in 0..<(random.happens(oneIn: 4) ? 9 : 1) {
      let digest = Array(repeating: UInt8(random.below(12)), count: 32)
      guard let key = StatementKey([Facet.listing.rawValue] + digest) else { return }
      let content: QueuedChange.Content =
        random.happens(oneIn: 3) ? .remove(key) : .put(key, statement: random.bytes(20))
      try node.disk.write { try $0.enqueue([content]) }
    }
  }

  private func feed(_ event: Puller.Event, to node: SimulatedNode) throws {
    var events = [event]
    while !events.isEmpty {
      for effect in node.handle(events.removeFirst(), at: now) {
        switch effect {
        case .request(let ticket):
          if isCut(node.coalition, ticket.peer) || isTroubled && random.happens(oneIn: 12) {
            lost += 1
            plan(
              .reply(ticket, to: node.coalition, life: node.life, .linkFailed(ticket, Problem("timeout", "lost"))),
              in: 3_000)
          } else {
            plan(.request(ticket, from: node.coalition, life: node.life), in: delay)
          }
        case .apply(let coalition, let entries, let peer):
          let outcome = try node.apply(entries, of: coalition)
          if peer != coalition { relayed += outcome.applied.count }
          if !outcome.applied.isEmpty { node.noteChange(at: now) }
          for head in outcome.applied { events.append(.applied(head)) }
          if let fault = outcome.fault {
            trace.append("\(now) \(node.coalition) stops at \(coalition): \(fault.problem.code)")
            events.append(.stopped(coalition, fault, at: outcome.at, from: peer))
          }
          events.append(.applyEnded(coalition))
        case .stage(let coalition, let input, let peer):
          let outcome = try node.stage(input, of: coalition)
          switch outcome {
          case .goOn, .ready: pages += 1
          case .finished(let head):
            copies += 1
            node.noteChange(at: now)
            trace.append("\(now) \(node.coalition) copied \(head)")
          case .failed(let fault, _):
            trace.append("\(now) \(node.coalition) gives up a copy of \(coalition): \(fault.problem.code)")
          }
          events.append(.staged(coalition, outcome, from: peer))
        case .ownHeadShown(let peer, let head): try node.ownHeadShown(by: peer, head?.reference)
        case .hold(let coalition, let problem):
          trace.append("\(now) \(node.coalition) holds \(coalition): \(problem.code)")
        case .storeReceipts(let receipts):
          for coalition in try node.keep(receipts, at: now) {
            trace.append("\(now) \(node.coalition) keeps the receipt of \(coalition)")
          }
        case .storeRecords, .storeProofs, .judgeFork, .storeHashKey, .disconnect: break
        }
      }
    }
  }

  private func isCut(_ one: CoalitionID, _ other: CoalitionID) -> Bool {
    trouble == .cut && haveMet && Set([one, other]) == Set([nodes.first, nodes.last].compactMap(\.?.coalition))
  }

  private var delay: UInt64 { 4 + random.below(200) }

  /// Serves a request if the peer is up; a long poll is looked at again now and then until its time is over.
  private func answer(_ ticket: Puller.Ticket, _ asker: CoalitionID, _ life: Int, started: UInt64, mayWait: Bool) throws
  {
    func send(_ event: Puller.Event) { plan(.reply(ticket, to: asker, life: life, event), in: delay) }
    guard let peer = node(ticket.peer), peer.isUp else {
      return send(.linkFailed(ticket, Problem("unreachable", "down")))
    }
    switch try peer.reply(to: ticket.resource, from: asker, mayWait: mayWait) {
    case .wait: plan(.pollEnds(ticket, from: asker, life: life, started: started), in: 50)
    case .message(let message):
      send(.answered(ticket, try PeerAnswer(to: ticket.resource, body: try message.serializedBytes())))
    case .bytes(let bytes): send(.answered(ticket, try PeerAnswer(to: ticket.resource, body: bytes)))
    case .problem(_, let problem): send(.resourceFailed(ticket, problem))
    }
  }
}
