internal import Alliance
internal import Links
internal import Synchronization
internal import Wire

/// The ways to all peers.
final class Lines: Sendable {
  private let lines: Mutex<[CoalitionID: PeerLine]>

  init(to peers: [CoalitionID], _ make: (CoalitionID) -> PeerLine) {
    lines = Mutex(Dictionary(peers.map { ($0, make($0)) }, uniquingKeysWith: { first, _ in first }))
  }

  subscript(peer: CoalitionID) -> PeerLine? { lines.withLock { $0[peer] } }

  var all: [(peer: CoalitionID, line: PeerLine)] {
    lines.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Makes the lines that are missing.
  /// - Returns: those that lead to nobody any more, for their owner to close.
  func set(to peers: [CoalitionID], _ make: (CoalitionID) -> PeerLine) -> [PeerLine] {
    lines.withLock { lines in
      let gone = lines.filter { !peers.contains($0.key) }
      for peer in gone.keys { lines[peer] = nil }
      for peer in peers where lines[peer] == nil { lines[peer] = make(peer) }
      return gone.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}
