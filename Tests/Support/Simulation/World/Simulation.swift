internal import Alliance
internal import AllianceBench
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// An alliance of nodes over a simulated network, disks and clocks, and what goes wrong with them: one seed is one run.
///
/// - `Simulation+Exchanges`: requests and answers on their way
/// - `Simulation+Effects`: what a node does with what its puller says
/// - `Simulation+Faults`: what goes wrong, and its end
/// - `Simulation+Recovery`: heads that a node lacks of its own, and new epochs
/// - `Simulation+Clones`: two machines of one coalition, and machines set back with their marks
/// - `Simulation+Rogues`, `Simulation+Erasures`, `Simulation+Breaker`: what coalitions do
/// - `Simulation+Checks`: what must hold at any time, and after healing
public final class Simulation {
  public struct Settings: Sendable {
    public var nodes = 47
    /// Milliseconds of simulated time after which nothing goes wrong any more.
    public var troubledUntil: UInt64 = 86_400_000
    /// How long all may take to agree after that.
    public var healing: UInt64 = 1_800_000
    public var faultsPerNodeDay = 3.0
    public var changesPerNodeDay = 6.0
    public var kinds = FaultKind.allCases
    /// What is to happen once at least, besides what is drawn.
    public var surely: [FaultKind] = []
    /// The first and the last coalition never reach each other again once all have met.
    public var keepsCut = false
    /// The last coalition joins when a fifth of the time is over.
    public var joinsLate = true
    /// The most that bodies may travel for each that is new; 0: not looked at.
    public var mostWaste = 1.2
    /// Changes that fill a delta, few so that much is tried with little.
    public var deltaChanges = 16
    public var pageRows = 5
    /// A breaker that trips on small positions and within minutes; otherwise that of a node, which needs a thousand statements.
    public var hasTightBreaker = false
    public var prints = false

    public init() {}
  }

  struct FlippedRow {
    let node: Int
    let coalition: CoalitionID
    let key: StatementKey
  }

  /// An earlier image of a disk, and the sign mark of that time.
  struct SavedImage {
    let at: UInt64
    let image: SimulatedDisk.Image
    let mark: HeadReference?
    let flips: [FlippedRow]
  }

  enum Occurrence {
    case due(Int, life: Int)
    case start(Int)
    case request(Exchange)
    case pollEnds(Int, id: UInt64)
    /// Large, and moved often.
    indirect case reply(Exchange, Served)
    case change(Int)
    case fault(Schedule.Entry)
    case end(Fault)
    case sync(Int)
    case audit
    case operate(Int)
    /// Somebody with an old key tries it on whoever asks.
    case tempt(Int)
    case release(Int, CoalitionID)
    case judgeClone
    case endClone
  }

  let seed: UInt64
  let settings: Settings
  let alliance: FoundedAlliance
  let nodes: [SimulatedNode]
  let numbers: [CoalitionID: Int]
  var random: SeededRandom
  var network: SimulatedNetwork
  var agenda = Agenda<Occurrence>()
  var now: UInt64 = 1_000
  var trace: Trace
  var truth = Truth()
  var report = Report()
  var nextWaiter: UInt64 = 0
  var haveMet = false
  /// Rows whose bits flipped, by node and coalition: they differ from their head until the statement is replaced.
  var flipped: [FlippedRow] = []
  /// Earlier images of each disk.
  var images: [Int: [SavedImage]] = [:]
  /// Positions with rows that a liar may have sent, so that holding is nobody's mistake.
  var hasLiars = false
  /// Coalitions that have signed what breaks a rule.
  var rogues: Set<CoalitionID> = []
  /// Listings to be erased, by node.
  var toErase: [Int: [StatementKey]] = [:]
  /// What was saved of a node before only its witness heard of it.
  var saved: [Int: SavedImage] = [:]
  /// Keys of epochs that are closed, which somebody has got hold of.
  var stolen: [CoalitionID: SigningKey] = [:]
  /// A second machine of a coalition, and which nodes reach it in place of the first.
  var clone: SimulatedNode?
  var reachesClone: Set<Int> = []
  var cloneStays = false
  /// When each node last asked each peer.
  var asked: [UInt64]
  var breakers: [Int: [CoalitionID: BreakerLog]] = [:]

  public init(seed: UInt64, settings: Settings = Settings()) throws {
    self.seed = seed
    self.settings = settings
    random = SeededRandom(seed: seed)
    trace = Trace(prints: settings.prints)
    network = SimulatedNetwork(nodes: settings.nodes + 1)
    asked = Array(repeating: 0, count: settings.nodes * settings.nodes)
    let names = Capitals.all.prefix(settings.nodes).map(\.code)
    let alliance = try FoundedAlliance(names, random: &random)
    self.alliance = alliance
    nodes = try alliance.coalitions.indices.map {
      try SimulatedNode($0, in: alliance, deltaChanges: settings.deltaChanges, pageRows: settings.pageRows)
    }
    numbers = Dictionary(uniqueKeysWithValues: nodes.map { ($0.coalition, $0.index) })
    plantDisks()
    for node in nodes {
      let isLate = settings.joinsLate && node.index == nodes.count - 1
      // Not all at once: what happens in the same millisecond everywhere happens nowhere.
      agenda.plan(.start(node.index), at: isLate ? settings.troubledUntil / 5 : now + random.below(5_000))
      planChange(node)
    }
    for entry in Schedule.draw(settings, random: &random) { agenda.plan(.fault(entry), at: max(now, entry.at)) }
    agenda.plan(.audit, at: now + 5_000)
  }

  /// Runs through the trouble and on until all agree, or the time is over, or a rule is broken.
  public func run() -> Report {
    let end = settings.troubledUntil + settings.healing
    do {
      while report.agreedAfter == nil, let (at, occurrence) = agenda.next() {
        guard at <= end else { break }
        now = max(now, at)
        report.events += 1
        // A node that spins does nothing else, and a run of it would never end.
        guard report.events <= mostEvents else {
          throw Report.Violation(check: .bounded, what: "\(report.events) events by \(Trace.clock(now))")
        }
        PlantedClock.set(now)
        try happen(occurrence)
      }
      if report.agreedAfter == nil {
        throw Report.Violation(check: .agreement, what: disagreement() ?? "no agreement")
      }
      try checkAfterHealing()
    } catch let violation as Report.Violation {
      report.violation = violation
    } catch {
      report.violation = .init(check: .noError, what: "\(error)")
    }
    report.seed = seed
    report.nodes = nodes.count
    report.simulated = now
    trace.count(9, Int(truncatingIfNeeded: random.next() >> 1), 0, at: now)
    report.trace = trace.hash
    report.lastLines = trace.last
    return report
  }

  /// Far more than requests and pauses come to: some hundred for each link and minute.
  private var mostEvents: UInt64 {
    1_000_000 + UInt64(nodes.count * nodes.count) * (settings.troubledUntil + settings.healing) / 60_000 * 300
  }

  /// A node, or the second machine of one.
  func machine(_ number: Int) -> SimulatedNode? { number < nodes.count ? nodes[number] : clone }

  var isTroubled: Bool { now < settings.troubledUntil }

  private func happen(_ occurrence: Occurrence) throws {
    switch occurrence {
    case .due(let number, let life):
      guard let node = machine(number), node.life == life, node.isUp else { return }
      node.plannedDue = .max
      try tick(node)
    case .start(let number): if let node = machine(number) { try start(node) }
    case .request(let exchange): try serve(exchange, mayWait: true)
    case .pollEnds(let number, let id): if let node = machine(number) { try endPoll(node, id: id) }
    case .reply(let exchange, let served): try receive(exchange, served)
    case .change(let number):
      guard let node = machine(number) else { return }
      try change(node)
      planChange(node)
    case .fault(let entry): try begin(entry)
    case .end(let fault): try end(fault)
    case .sync(let number): machine(number)?.disk.sync()
    case .audit: try audit()
    case .operate(let number): if let node = machine(number) { try operate(node) }
    case .tempt(let number):
      nodes[number].isTempting = true
      try wake(nodes[number])
      nodes[number].isTempting = false
    case .release(let number, let coalition): try release(coalition, at: nodes[number])
    case .judgeClone: try judgeClone()
    case .endClone: try endClone()
    }
  }

  func planDue(_ node: SimulatedNode) {
    guard node.isUp else { return }
    let due = max(node.nextDue, now + 1)
    guard due < node.plannedDue, due != .max else { return }
    node.plannedDue = due
    agenda.plan(.due(node.index, life: node.life), at: due)
  }

  func planChange(_ node: SimulatedNode) {
    guard isTroubled, settings.changesPerNodeDay > 0 else { return }
    let mean = UInt64(86_400_000 / settings.changesPerNodeDay)
    agenda.plan(.change(node.index), at: now + 1 + random.below(2 * mean))
  }
}
