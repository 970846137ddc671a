internal import Alliance
internal import Links
internal import Wire

/// The ways to all peers.
struct Lines: Sendable {
  private let lines: [CoalitionID: PeerLine]

  init(to peers: [CoalitionID], _ make: (CoalitionID) -> PeerLine) {
    lines = Dictionary(peers.map { ($0, make($0)) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(peer: CoalitionID) -> PeerLine? { lines[peer] }

  var all: [(peer: CoalitionID, line: PeerLine)] { lines.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
}
