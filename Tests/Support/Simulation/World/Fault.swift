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
  /// It takes requests for parts of positions and never ends them; all else it answers.
  case stalledBodies(Int)
  /// Requests and answers come a second time, up to a minute later.
  case echoes(Int)
  /// Only the witness hears what the node signs now; then the node is restored, and the witness is away.
  case witness(Int, Int)
  /// A whole machine goes back to an earlier image, its sign mark included.
  case machineSetBack(Int)
  /// A second machine with the same store, mark and keys.
  case clone(Int)
  /// A new key in ordinary times, while somebody has the old one and signs with it.
  case rotation(Int, thief: Int)
  /// A coalition signs what breaks a rule, with its own key.
  case brokenRule(Int, BrokenRule)
  /// A listing that is to leave nothing behind.
  case erasure(Int)
  /// A coalition takes back most of what it states.
  case massWithdrawal(Int)

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
    case .stalledBodies: .stalledBodies
    case .echoes: .echoes
    case .witness: .witness
    case .machineSetBack: .machineSetBack
    case .clone: .clone
    case .rotation: .rotation
    case .brokenRule: .brokenRule
    case .erasure: .erasure
    case .massWithdrawal: .massWithdrawal
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
  case stalledBodies = "stalled-bodies"
  case echoes
  case witness = "restored-beside-one-witness"
  case machineSetBack = "machine-set-back"
  case clone, rotation
  case brokenRule = "broken-rule"
  case erasure
  case massWithdrawal = "mass-withdrawal"
}
