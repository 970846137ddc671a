internal import Alliance
internal import AllianceBench
internal import Indicators
internal import Keys
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// How an alliance decides its rosters while everybody publishes, over a simulated network, disks and people who walk to their safes:
/// one seed is one run.
///
/// - `CouncilSimulation+Exchanges`: requests and answers, and what a node makes of those about rosters
/// - `CouncilSimulation+Positions`: heads, copies and receipts; `CouncilSimulation+Epochs`: heads of its own that a node lacks, new keys
/// - `CouncilSimulation+People`: who signs what; `CouncilSimulation+Wishes`: what they want; `CouncilSimulation+Liar`
/// - `CouncilSimulation+Faults`: what goes wrong
/// - `CouncilSimulation+Thieves`: what is done with stolen keys; `CouncilSimulation+Records`: what must hold of records then
/// - `CouncilSimulation+HashKeys`: who opens, has and closes hash keys; `CouncilSimulation+Listings`: what is listed, and found under them
/// - `CouncilSimulation+Checks`, `CouncilSimulation+Removal`: what must hold at any time, and in the end
public final class CouncilSimulation {
  public struct Settings: Sendable {
    /// Founders; two more stand at the door.
    public var members = 5
    public var newcomers = 2
    public var troubledUntil: UInt64 = 12 * 3_600_000
    /// How long a quorum that answers may take for what is open then.
    public var healing: UInt64 = 12 * 3_600_000
    public var faults = 60
    /// From one change that a member publishes to the next, on average.
    public var changePause: UInt64 = 1_200_000
    public var hasLiar = false
    public var prints = false

    public init() {}
  }

  public struct Outcome: Sendable {
    public internal(set) var seed: UInt64 = 0
    public internal(set) var rosters: UInt32 = 1
    public internal(set) var statements = 0
    public internal(set) var highestRound: UInt32 = 1
    public internal(set) var contradictions = 0
    public internal(set) var crashes = 0
    public internal(set) var restores = 0
    public internal(set) var heads = 0
    public internal(set) var copies = 0
    public internal(set) var epochs = 0
    public internal(set) var identities = 0
    public internal(set) var removals = 0
    public internal(set) var returns = 0
    public internal(set) var hashKeys = 0
    public internal(set) var closedKeys = 0
    public internal(set) var moves = 0
    public internal(set) var thefts = 0
    public internal(set) var held = 0
    public internal(set) var nodes = 0
    public internal(set) var simulated: UInt64 = 0
    public internal(set) var trace: UInt64 = 0
    public internal(set) var violation: Report.Violation?
    public internal(set) var lastLines: [String] = []
  }

  enum Occurrence {
    case start(Int)
    case due(Int, life: Int)
    case request(Exchange)
    case pollEnds(Int, id: UInt64)
    indirect case reply(Exchange, Served)
    case person(Int, again: Bool)
    case change(Int)
    /// Somebody with an identity key that was replaced tries it.
    case thief(Int)
    /// Somebody with a stolen identity key signs one record more, and so many after it.
    case flood(Int, last: MemberRecord, left: Int)
    /// What a planted mistake did not write at once.
    case keep(Int, life: Int)
    /// Somebody hands a newcomer the rosters and records that are at a member's.
    case handOver(Int, from: Int)
    case begin(CouncilFault)
    case end(CouncilFault)
    case audit
  }

  let settings: Settings
  var nodes: [CouncilNode] = []
  var numbers: [CoalitionID: Int] = [:]
  var random: SeededRandom
  var network: SimulatedNetwork
  var agenda = Agenda<Occurrence>()
  var now: UInt64 = 1_000
  var trace: Trace
  var outcome = Outcome()
  var nextWaiter: UInt64 = 0
  /// Earlier copies of each disk.
  var images: [Int: [CouncilNode.Image]] = [:]
  var truth = Truth()
  /// Coalitions whose disks were put back: what they had acknowledged since may be lost.
  var mayLose: Set<CoalitionID> = []
  /// The roster of each number that was in force first.
  var rosters: [UInt32: Roster] = [:]
  /// Members that have lost what they had signed, by the roster number that it was about.
  var forgetful: [UInt32: Set<CoalitionID>] = [:]
  /// Which seller a digest is of, under any hash key, known to nobody in the simulation.
  var sellers: [IndicatorDigest: Int] = [:]
  /// Hash keys that were proposed to be closed, and each member's head when nothing was left under them.
  var leftAt: [UInt32: [CoalitionID: HeadReference]] = [:]
  /// Whose stolen identity key still signs records.
  var floods: Set<Int> = []
  /// Records that somebody has signed with a stolen identity key.
  var forged: [CoalitionID: [MemberRecord]] = [:]
  /// Machines of those who have stolen a signing key, by whose it is.
  var thieves: [Int: Thief] = [:]
  /// When anybody last learned something.
  var changedAt: UInt64 = 0
  var isSettled = false

  public init(seed: UInt64, settings: Settings = Settings()) throws {
    self.settings = settings
    random = SeededRandom(seed: seed)
    trace = Trace(prints: settings.prints)
    let seats = settings.members + settings.newcomers
    network = SimulatedNetwork(nodes: seats)
    outcome.seed = seed
    let codes = Capitals.all.prefix(seats).map(\.code)
    var sealing: [[UInt8]: SealingKey] = [:]
    let alliance = try FoundedAlliance(Array(codes.prefix(settings.members)), random: &random) { seed in
      let key = try SealingKey(seed: seed)
      sealing[key.publicKey] = key
      return key.publicKey
    }
    let first = HashKeyMaterial(epoch: 1, nonce: alliance.hashKey.nonce, bytes: alliance.hashKey.key)
    for record in alliance.records {
      guard let identity = alliance.identities[record.coalition], let key = alliance.signingKeys[record.coalition],
        let sealing = sealing[record.sealingKey]
      else { continue }
      let node = CouncilNode(
        nodes.count, card: record, identity: identity, key: key, sealing: sealing, file: alliance.membership)
      node.hashKeys[1] = first
      nodes.append(node)
    }
    for code in codes.dropFirst(settings.members) {
      let (identity, key) = (try SigningKey(seed: random.bytes(32)), try SigningKey(seed: random.bytes(32)))
      let sealing = try SealingKey(seed: random.bytes(32))
      guard let coalition = CoalitionID(code) else { continue }
      let record = try MemberRecord.first(
        coalition: coalition, name: "Demo \(code)", trustDomain: "\(code).example.org", identity: identity,
        signing: key.verifyingKey, sealingKey: sealing.publicKey, authority: [0x30, 0x00],
        endpoints: ["\(code).example.org:7473"])
      nodes.append(
        CouncilNode(
          nodes.count, card: record, identity: identity, key: key, sealing: sealing, file: alliance.membership))
    }
    numbers = Dictionary(uniqueKeysWithValues: nodes.map { ($0.coalition, $0.index) })
    if settings.hasLiar { nodes[Int(random.below(UInt64(settings.members)))].isLiar = true }
    for node in nodes.prefix(settings.members) {
      agenda.plan(.start(node.index), at: now + random.below(5_000))
      agenda.plan(.person(node.index, again: true), at: now + 60_000 + random.below(3_600_000))
    }
    for node in nodes {
      node.isDefiant = random.happens(oneIn: 3)
      planChange(node)
    }
    rosters[1] = alliance.membership.roster
    if let first { note(first) }
    for _ in 0..<settings.faults {
      let fault = CouncilFault.draw(members: settings.members, &random)
      agenda.plan(.begin(fault), at: 600_000 + random.below(settings.troubledUntil))
    }
    agenda.plan(.audit, at: now + 60_000)
  }

  public func run() -> Outcome {
    var events = 0
    do {
      while !isSettled, let (at, occurrence) = agenda.next() {
        now = max(now, at)
        events += 1
        guard now <= settings.troubledUntil + settings.healing else {
          throw Report.Violation(check: .councilDecides, what: openText())
        }
        guard events < 20_000_000 else { throw Report.Violation(check: .bounded, what: "\(events) events") }
        try happen(occurrence)
      }
      try checkPositionsInTheEnd()
      try checkListingsInTheEnd()
    } catch let violation as Report.Violation {
      outcome.violation = violation
    } catch {
      outcome.violation = .init(check: .noError, what: "\(error)")
    }
    outcome.simulated = now
    trace.count(9, Int(truncatingIfNeeded: random.next() >> 1), events, at: now)
    outcome.trace = trace.hash
    outcome.lastLines = trace.last
    return outcome
  }

  var isTroubled: Bool { now < settings.troubledUntil }

  private func happen(_ occurrence: Occurrence) throws {
    switch occurrence {
    case .start(let number): try start(nodes[number])
    case .due(let number, let life):
      let node = nodes[number]
      // Where an earlier one was planned since, this one is no more.
      guard node.machine.life == life, node.isUp, node.machine.plannedDue <= now else { return }
      node.machine.plannedDue = .max
      try tick(node)
    case .request(let exchange): try serve(exchange, mayWait: true)
    case .pollEnds(let number, let id): try endPoll(nodes[number].machine, id: id)
    case .reply(let exchange, let served): try receive(exchange, served)
    case .person(let number, let again):
      try visit(nodes[number])
      guard again else { return }
      agenda.plan(.person(number, again: true), at: now + 120_000 + random.below(isTroubled ? 1_800_000 : 600_000))
    case .change(let number):
      try change(nodes[number])
      planChange(nodes[number])
    case .thief(let number): try signWithOldIdentity(of: nodes[number])
    case .flood(let number, let last, let left): try flood(nodes[number], after: last, left: left)
    case .keep(let number, let life): keepLate(nodes[number], life)
    case .handOver(let number, let member): try handOver(to: nodes[number], from: nodes[member])
    case .begin(let fault): try begin(fault)
    case .end(let fault): end(fault)
    case .audit:
      try audit()
      agenda.plan(.audit, at: now + 60_000)
    }
  }

  func start(_ node: CouncilNode) throws {
    guard !node.isUp else { return }
    guard !node.machine.disk.isFull else { return agenda.plan(.start(node.index), at: now + 60_000) }
    node.takeProposedHashKeys()
    let settled = try node.machine.start(
      at: now, random: &random, said: node.said, missingHashKeys: node.missingHashKeys)
    node.rehashDue = now
    trace.note("\(node.coalition) starts, roster \(node.roster.number)", at: now)
    for head in settled { try noteSigned(head, node.machine) }
    try checkStart(node)
    node.takeIdentity()
    // A quorum's votes were kept, and the node ended before the roster was in force.
    try decide(node)
    guard node.isUp else { return }
    // The mistake: only who goes with the roster of the moment is looked for.
    if !planted(.removedPositionKept) { node.forgetFormerMembers(at: now) }
    try checkStored(at: node)
    planDue(node)
  }

  func planDue(_ node: CouncilNode) {
    guard node.isUp, node.nextDue != .max else { return }
    let due = max(node.nextDue, now + 1)
    guard due < node.machine.plannedDue else { return }
    node.machine.plannedDue = due
    agenda.plan(.due(node.index, life: node.machine.life), at: due)
  }

  private func planChange(_ node: CouncilNode) {
    guard isTroubled else { return }
    agenda.plan(.change(node.index), at: now + 1 + random.below(2 * settings.changePause))
  }

  /// What a planted mistake should have written before anybody saw it.
  private func keepLate(_ node: CouncilNode, _ life: Int) {
    guard node.machine.life == life, node.isUp else { return }
    if let unkept = node.unkept { node.machine.file = unkept }
    node.unkept = nil
    node.said = node.known?.bytes ?? []
  }
}
