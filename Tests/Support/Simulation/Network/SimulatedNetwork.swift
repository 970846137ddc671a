internal import Seeded

/// Who reaches whom, how fast, and how surely. Requests are independent of each other: what was sent later may come first.
struct SimulatedNetwork {
  /// How one direction between two nodes fares.
  struct Way {
    /// Nothing comes through.
    var isCut = false
    /// One in so many messages is lost; 0: none.
    var lossOdds: UInt64 = 0
    /// Times the ordinary delay.
    var slowness: UInt64 = 1
    /// Times of the delay that it varies by.
    var jitter: UInt64 = 0
    /// One in so many messages comes a second time; 0: none.
    var echoOdds: UInt64 = 0
  }

  enum Fate {
    case lost
    case arrives(after: UInt64)
  }

  private let count: Int
  private let delays: [UInt64]
  private var ways: [Way]

  init(nodes: Int) {
    count = nodes
    let places = (0..<nodes).map { Capitals.all[$0 % Capitals.all.count] }
    var delays: [UInt64] = []
    for from in places { for to in places { delays.append(max(1, Capitals.roundTrip(from, to) / 2_000)) } }
    self.delays = delays
    ways = Array(repeating: Way(), count: nodes * nodes)
  }

  subscript(from: Int, to: Int) -> Way {
    get { ways[from * count + to] }
    set { ways[from * count + to] = newValue }
  }

  func fate(from: Int, to: Int, random: inout SeededRandom) -> Fate {
    let way = ways[from * count + to]
    if way.isCut || (way.lossOdds > 0 && random.happens(oneIn: way.lossOdds)) { return .lost }
    let delay = delays[from * count + to] * way.slowness
    return .arrives(after: delay + (way.jitter == 0 ? 0 : random.below(delay * way.jitter + 1)))
  }

  /// After how long a message that came comes once more; nil: it does not.
  func echo(from: Int, to: Int, random: inout SeededRandom) -> UInt64? {
    let way = ways[from * count + to]
    guard way.echoOdds > 0, random.happens(oneIn: way.echoOdds) else { return nil }
    return 1 + random.below(60_000)
  }

  mutating func heal() { ways = Array(repeating: Way(), count: count * count) }
}
