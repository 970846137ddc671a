import AllianceBench
import Replication
import Testing
import Wire

@testable import Operations

/// What keeps a record of our own from going out.
@Suite struct EpochPlanTests {
  private func plan(silent: [String], heard: Int, recordsToday: Int = 0) throws -> EpochPlan {
    let alliance = try FoundedAlliance(seed: 61)
    return EpochPlan(
      record: try #require(alliance.records.first).signed, alliance: alliance.membership.alliance, here: nil,
      atPeers: nil,
      silent: try silent.map { try #require(CoalitionID($0)) }, heard: heard, isFetching: false,
      recordsToday: recordsToday)
  }

  private func code(_ body: () throws -> Void) -> String? {
    do { try body() } catch let problem as Problem { return problem.code } catch { return "\(error)" }
    return nil
  }

  /// A store that was put back does not know its newest record; two who have told, or the only one, are enough.
  @Test func waitsForTwoWhoHaveTold() throws {
    for (silent, heard, refused) in [
      (["no"], 0, true), ([], 1, false), (["no", "us"], 0, true), (["us"], 1, true), ([], 2, false),
      (["no", "us"], 2, false), ([], 0, false),
    ] {
      let plan = try plan(silent: silent, heard: heard)
      #expect(code { try plan.requireHeard(anyway: false) } == (refused ? "peers-unheard" : nil), "\(silent) \(heard)")
      #expect(code { try plan.requireHeard(anyway: true) } == nil)
    }
  }

  @Test func theFifthOfADayWaits() throws {
    #expect(code { try plan(silent: [], heard: 2, recordsToday: 3).mayPublish(anyway: false) } == nil)
    #expect(code { try plan(silent: [], heard: 2, recordsToday: 4).mayPublish(anyway: false) } == RecordFlood.code)
    #expect(code { try plan(silent: [], heard: 2, recordsToday: 4).mayPublish(anyway: true) } == nil)
  }
}
