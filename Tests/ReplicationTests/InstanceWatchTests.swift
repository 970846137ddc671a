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

  @Test func twoThatTakeTurnsAreTwo() {
    let watch = watch([(second, 0), (first, 20_000), (second, 40_000), (first, 50_000)])
    #expect(watch.together(se, at: 51_000) == [first, second])
  }

  @Test func whatTheEndedOneLeftOnItsWayIsNoTurn() {
    let watch = watch([(first, 0), (second, 20_000), (first, 22_000), (second, 60_000)])
    #expect(watch.together(se, at: 61_000) == [])
  }

  @Test func oneThatHasEndedIsForgotten() {
    var watch = watch([(second, 0), (first, 20_000), (second, 40_000)])
    watch.meet(first, of: se, at: 40_000 + InstanceWatch.memory)
    #expect(watch.together(se, at: 40_000 + InstanceWatch.memory) == [])
  }

  @Test func aLaterStartBesideAnotherNodeIsStillTwo() {
    let watch = watch([
      (first, 0), (second, 20_000), (first, 40_000), (third, 50_000), (first, 70_000), (third, 80_000),
    ])
    #expect(watch.together(se, at: 81_000) == [first, second, third])
  }
}
