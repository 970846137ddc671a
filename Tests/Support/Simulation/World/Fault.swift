/// What goes wrong: one mishap, to one node or between two.
enum Fault {
  case crash(Int)
  case crashAt(Int, SimulatedNode.Boundary)
  /// From one to the other nothing comes through; perhaps not back either.
  case cut(Int, Int, bothWays: Bool)
  case isolation(Int)
  case loss(Int)
  case slowness(Int)
  case stall(Int)
  case lies(Int)
  case fullDisk(Int)
  case flippedRow(Int)
  case flippedDelta(Int)
  case flippedPrepared(Int)
  /// An earlier image of the disk, with the sign mark of today or with none.
  case restore(Int, withMark: Bool)
  case clockJump(Int, milliseconds: Int64)
  case drift(Int, millionths: Int64)
  /// All but the newest deltas are gone.
  case forgetting(Int)

  var kind: FaultKind {
    switch self {
    case .crash: .crash
    case .crashAt: .crashAt
    case .cut: .cut
    case .isolation: .isolation
    case .loss: .loss
    case .slowness: .slowness
    case .stall: .stall
    case .lies: .lies
    case .fullDisk: .fullDisk
    case .flippedRow: .flippedRow
    case .flippedDelta: .flippedDelta
    case .flippedPrepared: .flippedPrepared
    case .restore: .restore
    case .clockJump: .clockJump
    case .drift: .drift
    case .forgetting: .forgetting
    }
  }
}

/// The kinds of what goes wrong, as a report counts them.
public enum FaultKind: String, CaseIterable, Sendable {
  case crash, cut, isolation, loss, slowness, stall, lies, restore, drift, forgetting
  case crashAt = "crash-between-effects"
  case fullDisk = "full-disk"
  case flippedRow = "flipped-row"
  case flippedDelta = "flipped-delta"
  case flippedPrepared = "flipped-prepared-head"
  case clockJump = "clock-jump"
}
