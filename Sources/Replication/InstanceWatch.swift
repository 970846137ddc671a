public import Wire

/// Which instances of each coalition's node a node meets: two that take turns are two that run, with the same keys, and
/// will sign two histories.
///
/// A node that starts again has another instance, and the one before is never met after it.
public struct InstanceWatch: Sendable {
  /// Milliseconds on a clock that never goes back.
  public typealias Time = UInt64

  /// Instances of one coalition that are remembered.
  static let most = 4
  /// An instance that was not met for so long says nothing any more.
  public static let memory: Time = 600_000
  /// What an instance that has ended left on its way may come so late.
  static let settling: Time = 10_000

  /// What a dead process had still under way, behind a network that was cut, may come once after its successor.
  static let fewestReturns = 2

  private struct Meeting: Sendable {
    let instance: [UInt8]
    let first: Time
    var last: Time
    /// How often it was met again after another one.
    var returns = 0
    var returned: Time = 0
  }

  private var met: [CoalitionID: [Meeting]] = [:]

  public init() {}

  /// An instance of the coalition has asked or answered.
  public mutating func meet(_ instance: [UInt8], of coalition: CoalitionID, at now: Time) {
    var meetings = met[coalition, default: []].filter { now - min(now, $0.last) < Self.memory }
    if let place = meetings.firstIndex(where: { $0.instance == instance }) {
      // Those that stand after it were met since.
      let since = meetings.indices[(place + 1)...].filter { now - min(now, meetings[$0].first) > Self.settling }
      if since.count == meetings.count - place - 1 {
        meetings[place].last = now
        if !since.isEmpty, now - min(now, meetings[place].returned) > Self.settling {
          meetings[place].returns += 1
          meetings[place].returned = now
        }
        meetings.append(meetings.remove(at: place))
      }
    } else {
      meetings.append(Meeting(instance: instance, first: now, last: now))
    }
    met[coalition] = meetings.suffix(Self.most)
  }

  /// The coalition's instances that run at the same time, in a fixed order; empty if it is one.
  public func together(_ coalition: CoalitionID, at now: Time) -> [[UInt8]] {
    let turns = met[coalition, default: []].filter {
      $0.returns >= Self.fewestReturns && now - min(now, $0.last) < Self.memory
    }
    return turns.count < 2 ? [] : turns.map(\.instance).sorted { $0.lexicographicallyPrecedes($1) }
  }
}
