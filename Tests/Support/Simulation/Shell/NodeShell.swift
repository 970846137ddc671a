internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// The shell around the pure rooms of a node, as Node carries out what they ask for: one for both simulations, which say what they
/// check, count and plan at each moment.
///
/// - `NodeShell+Exchanges`: requests and answers over the simulated network
/// - `NodeShell+Heads`: what a puller wants done: heads, copies, receipts
/// - `NodeShell+Signing`: heads and receipts of its own; `NodeShell+OwnHeads`: those that are not there, and new epochs
/// - `NodeShell+Forks`: proofs
protocol NodeShell: AnyObject {
  associatedtype Occurrence: ShellOccurrence

  var now: UInt64 { get }
  var agenda: Agenda<Occurrence> { get set }
  var network: SimulatedNetwork { get }
  var random: SeededRandom { get set }
  var trace: Trace { get set }
  var truth: Truth { get set }
  var nextWaiter: UInt64 { get set }
  var breaker: Breaker.Limits { get }
  /// Whether a record of its own may be refused for another reason than a full disk: rosters change whose key signs it.
  var recordsMayBeRefused: Bool { get }

  func machine(_ number: Int) -> SimulatedNode?
  /// Which machine a request to a coalition reaches.
  func number(of peer: CoalitionID, askedBy machine: SimulatedNode) -> Int?
  /// What it says, truly or not; nil loses the request.
  func says(_ machine: SimulatedNode, to exchange: Exchange, mayWait: Bool) throws -> Served?
  func noteLost()
  func take(_ answer: PeerAnswer, bytes: Int, _ exchange: Exchange, _ machine: SimulatedNode) throws
  func crash(_ machine: SimulatedNode) throws
  func planDue(_ machine: SimulatedNode)
  func noteSigned(_ name: HeadReference, _ machine: SimulatedNode) throws
  func checkApplied(_ head: HeadReference, _ machine: SimulatedNode) throws
  /// - Throws: the problem, unless it may sign later.
  func cannotSign(_ problem: Problem, _ machine: SimulatedNode) throws
  func happened(_ moment: ShellMoment, at machine: SimulatedNode) throws
  /// What only one of the simulations looks at.
  func carryOutOther(_ effect: Puller.Effect, _ machine: SimulatedNode, _ events: inout [Puller.Event]) throws
}

/// What both simulations plan.
protocol ShellOccurrence {
  static func request(_ exchange: Exchange) -> Self
  static func pollEnds(_ number: Int, id: UInt64) -> Self
  static func reply(_ exchange: Exchange, _ served: Served) -> Self
}

/// Moments at which a simulation looks, counts or plans.
enum ShellMoment {
  case asks(Int)
  case willApply([StoredEntry])
  /// Before each of them is checked, and before the process may end.
  case judged([HeadReference], among: [StoredEntry], since: Position?, of: CoalitionID)
  case applied([HeadReference], among: [StoredEntry], of: CoalitionID, from: CoalitionID)
  case page
  case copying(HeadReference)
  case copied(HeadReference)
  case ownIsHere
  /// Its own position is here, and what becomes of it is for its operator.
  case awaitsOperator
  case recovered(HeadReference)
  case stopped(Problem)
  case signed
  case receiptMade(Receipt)
  case receiptsKept
  case held(CoalitionID, Problem)
  case epochOpened(UInt32)
  case proven(ForkProof)
}
