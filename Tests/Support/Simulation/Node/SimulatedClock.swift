/// A node's clock on the wall: runs fast or slow, and is put forward or back by days. Pauses and retries go by another clock
/// that never goes back, which here is the time of the simulation.
struct SimulatedClock {
  /// Some day of 2023; which one does not matter.
  private static let start: UInt64 = 1_700_000_000_000

  private var since: UInt64 = 0
  private var then: UInt64 = Self.start
  /// Parts in a million by which it is too fast.
  private var drift: Int64 = 0

  func wall(at now: UInt64) -> UInt64 {
    let passed = Int64(now - since)
    return UInt64(max(0, Int64(then) + passed + passed / 1_000_000 * drift))
  }

  /// Whether nobody has ever put it forward or back.
  private(set) var isRight = true

  mutating func jump(by milliseconds: Int64, at now: UInt64) {
    then = UInt64(max(0, Int64(wall(at: now)) + milliseconds))
    isRight = false
    since = now
  }

  mutating func run(tooFastBy millionths: Int64, at now: UInt64) {
    then = wall(at: now)
    since = now
    drift = millionths
  }
}
