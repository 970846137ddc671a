import Replication
import Testing
import Wire

/// More than four member records a day are held; what was published while nobody could hear of it is none of that.
@Suite struct RecordFloodTests {
  private let day = RecordFlood.day
  private let start: UInt64 = 1_800_000_000_000

  private func whole(_ before: UInt64 = 0) -> RecordWatch { RecordWatch(wholeAt: start - before) }

  /// One record after another, each of which leaves the chain whole.
  private func one(_ watch: inout RecordWatch, at now: UInt64) -> Bool {
    let (judged, taken) = RecordFlood.judge(watch, coming: 1, newest: 9, now: now)
    watch = judged
    if taken == 1 { watch.wholeAt = now }
    return taken == 1
  }

  @Test func takesFourADayAndHoldsTheFifth() {
    var watch = whole()
    for hour in 1...4 { #expect(one(&watch, at: start + UInt64(hour) * 3_600_000)) }
    #expect(!one(&watch, at: start + 5 * 3_600_000))
    #expect(watch.heldAt == start + 5 * 3_600_000 && watch.heldNumber == 9)
    #expect(!one(&watch, at: start + day + 4 * 3_600_000), "held is held, though the first is a day old")
    #expect(RecordFlood.isOver(watch, now: start + day + 5 * 3_600_000))
    #expect(one(&watch, at: start + day + 5 * 3_600_000), "nobody has answered for a day")
    #expect(watch.heldAt == nil)
    var slow = whole()
    for hour in 1...40 { #expect(one(&slow, at: start + UInt64(hour) * 7 * 3_600_000), "every seven hours") }
  }

  @Test func aFloodInOneAnswerIsCutAndTheRestIsHeld() {
    let (watch, taken) = RecordFlood.judge(whole(30_000), coming: 1_000, newest: 1_001, now: start)
    #expect(taken == 4 && watch.heldAt == start && watch.heldNumber == 1_001 && watch.arrivals.count == 4)
    let again = RecordFlood.judge(watch, coming: 996, newest: 1_001, now: start + 60_000)
    #expect(again.taken == 0 && again.watch.heldAt == start, "since then, and not since the last look")
  }

  @Test func theFirstCopyOfAChainIsTakenWhole() {
    let (watch, taken) = RecordFlood.judge(RecordWatch(), coming: 900, newest: 900, now: start)
    #expect(taken == 900 && watch.heldAt == nil && watch.arrivals.isEmpty)
  }

  @Test func whoWasAwayTakesWhatMayHaveBeenPublishedMeanwhile() {
    let (watch, taken) = RecordFlood.judge(whole(90 * day), coming: 30, newest: 31, now: start)
    #expect(taken == 30 && watch.heldAt == nil)
    // And the next ones of the same day are no flood either.
    var after = watch
    after.wholeAt = start
    for minute in 1...3 { #expect(one(&after, at: start + UInt64(minute) * 60_000)) }
    let flood = RecordFlood.judge(whole(2 * day), coming: 30, newest: 31, now: start)
    #expect(flood.taken == 8 && flood.watch.heldAt == start, "four for each day")
    let rest = RecordFlood.judge(whole(25 * 3_600_000), coming: 8, newest: 9, now: start)
    #expect(rest.taken == 8, "a day that has begun")
  }

  @Test func releasedEverythingPassesForAnHour() {
    var watch = RecordFlood.judge(whole(), coming: 9, newest: 10, now: start).watch
    #expect(watch.heldAt == start)
    watch = RecordFlood.release(watch, now: start + 60_000)
    #expect(watch.heldAt == nil)
    let all = RecordFlood.judge(watch, coming: 400, newest: 410, now: start + 120_000)
    #expect(all.taken == 400 && all.watch.heldAt == nil && all.watch.arrivals.count <= 256)
    let late = RecordFlood.judge(all.watch, coming: 1, newest: 411, now: start + 2 * 3_600_000)
    #expect(late.taken == 0)
  }

  @Test func aClockThatWasWrongHoldsNobodyForYears() {
    let year = 365 * day
    var watch = RecordWatch(
      wholeAt: start + year, arrivals: Array(repeating: start + year, count: 5), heldAt: nil, heldNumber: 0,
      passesUntil: start + year)
    #expect(one(&watch, at: start), "what came in a year that is not yet does not count")
    #expect(RecordFlood.judge(watch, coming: 9, newest: 9, now: start).taken < 9, "nor does everything pass until then")
    watch.heldAt = start + year
    watch = RecordFlood.judge(watch, coming: 1, newest: 3, now: start).watch
    #expect(watch.heldAt == start && RecordFlood.isOver(watch, now: start + day))
  }

  @Test func countsOurOwn() {
    var watch = RecordWatch()
    for _ in 1...3 { watch = RecordFlood.note(watch, 1, now: start) }
    #expect(RecordFlood.published(watch, now: start) == 3)
    #expect(RecordFlood.published(watch, now: start + day) == 0)
  }
}
