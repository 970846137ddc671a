import Replication
import Testing
import Wire

/// When two instances of one coalition are two nodes, and when it has only started again.
@Suite struct InstanceWatchTests {
  private let first = [UInt8](repeating: 1, count: 16)
  private let second = [UInt8](repeating: 2, count: 16)
  private let third = [UInt8](repeating: 3, count: 16)
  private let se: CoalitionID

  init() throws { se = try #require(CoalitionID("se")) }

  private func watch(_ meetings: [(instance: [UInt8], at: UInt64)]) -> InstanceWatch {
    var watch = InstanceWatch()
    for meeting in meetings { watch.meet(meeting.instance, of: se, at: meeting.at) }
    return watch
  }

  @Test func aNodeThatStartsAgainIsOne() throws {
    let watch = watch([(first, 0), (first, 30_000), (second, 40_000), (second, 90_000), (third, 91_000)])
    #expect(watch.together(se, at: 92_000) == [])
    #expect(watch.together(try #require(CoalitionID("no")), at: 92_000) == [])
  }

  private func turns(_ instances: [[UInt8]], from start: UInt64 = 0) -> [(instance: [UInt8], at: UInt64)] {
    (0..<3).flatMap { round in
      instances.enumerated().map { ($1, start + UInt64(round) * 30_000 + UInt64($0) * 11_000) }
    }
  }

  @Test func twoThatTakeTurnsAreTwo() {
    #expect(watch(turns([second, first])).together(se, at: 91_000) == [first, second])
    let twice = turns([second, first]).prefix(4)
    #expect(watch(Array(twice)).together(se, at: 91_000) == [], "once may be what a dead one had under way")
  }

  /// Behind a network that was cut, and all at once when it is whole again.
  @Test func aBurstOfWhatWasUnderWayIsNoTurn() {
    let burst = (0..<8).map { (instance: $0.isMultiple(of: 2) ? first : second, at: 60_000 + UInt64($0)) }
    let watch = watch([(first, 0), (second, 20_000)] + burst + [(second, 90_000), (second, 120_000)])
    #expect(watch.together(se, at: 121_000) == [])
  }

  @Test func whatTheEndedOneLeftOnItsWayIsNoTurn() {
    let watch = watch([(first, 0), (second, 20_000), (first, 22_000), (second, 60_000)])
    #expect(watch.together(se, at: 61_000) == [])
  }

  @Test func oneThatHasEndedIsForgotten() {
    var watch = watch(turns([second, first]))
    #expect(!watch.together(se, at: 60_000 + InstanceWatch.memory - 1).isEmpty)
    watch.meet(first, of: se, at: 71_000 + InstanceWatch.memory)
    #expect(watch.together(se, at: 71_000 + InstanceWatch.memory) == [])
  }

  @Test func aLaterStartBesideAnotherNodeIsStillTwo() {
    let watch = watch(turns([first, second]) + turns([first, third], from: 100_000))
    #expect(watch.together(se, at: 191_000) == [first, second, third])
  }
}
