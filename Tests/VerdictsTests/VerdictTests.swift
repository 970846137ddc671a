import Testing
import Verdicts
import Wire

@Suite struct VerdictTests {
  private func verdict(_ sources: [Verdict.Source], _ policy: Policy = .eu) throws -> Verdict {
    try #require(Verdict.fold(sources, today: Statements.today, policy: policy))
  }

  @Test func nothingListedIsNoVerdict() throws {
    #expect(Verdict.fold([], today: Statements.today, policy: .eu) == nil)
    #expect(Verdict.fold([try Statements.dispute("se")], today: Statements.today, policy: .eu) == nil)
  }

  @Test func oneCoalitionIsASingleSource() throws {
    let verdict = try verdict([Statements.listing("se", provenance: .court, confidence: 100)])
    #expect(verdict.status == .singleSource && verdict.ceiling == .monitor)
    #expect(verdict.status.description == "single-source" && verdict.rule == nil)
  }

  @Test func twoCorroborateEachOther() throws {
    let verdict = try verdict([Statements.listing("se", confidence: 40), Statements.listing("no", confidence: 70)])
    #expect(verdict.status == .corroborated(2) && verdict.ceiling == .review)
    #expect(verdict.confidence == 70 && verdict.coalitions.map(\.rawValue) == ["no", "se"])
  }

  @Test func whoHasSeenItConfirms() throws {
    let two = try [Statements.listing("se", provenance: .police), Statements.listing("no")]
    #expect(try verdict(two).status == .confirmed(2))
    #expect(try verdict(two).ceiling == .declineOnboarding)
    let three = try two + [Statements.listing("fi")]
    #expect(try verdict(three).ceiling == .block)
    #expect(try verdict(three, .strict).ceiling == .monitor, "no confidence is stated")
  }

  @Test func whatAListingPermitsLimitsWhatItCountsFor() throws {
    let verdict = try verdict([
      Statements.listing("se", provenance: .police, action: .review), Statements.listing("no"),
      Statements.listing("fi"),
    ])
    #expect(verdict.ceiling == .review, "only two permit more, and the police's listing is not one of them")
  }

  @Test func theDaysAreInclusive() throws {
    let today = Statements.today
    for (from, until, standing) in [
      (today, today, Verdict.Standing.counts), (today + 1, today + 2, .notYet), (today - 2, today - 1, .past),
    ] {
      let verdict = try verdict([Statements.listing("se", from: from, until: until)])
      #expect(verdict.listings.map(\.standing) == [standing])
      #expect((verdict.status == .expired) == (standing != .counts))
    }
  }

  @Test func anOpenOrUpheldDisputeLeavesMonitoring() throws {
    let listings = try ["se", "no", "fi"].map { try Statements.listing($0, provenance: .court) }
    for (outcome, isDisputed) in [(WireDisputeOutcome.unspecified, true), (.upheld, true), (.rejected, false)] {
      let verdict = try verdict(listings + [Statements.dispute("at", outcome)])
      #expect((verdict.status == .disputed) == isDisputed)
      #expect(verdict.ceiling == (isDisputed ? .monitor : .block))
      #expect((verdict.limit == .dispute) == isDisputed)
    }
  }

  @Test func aGuardLeavesMonitoringAndTheStatus() throws {
    let listings = try ["se", "no", "fi"].map { try Statements.listing($0, provenance: .court) }
    for finding in [GuardFinding.neverList(category: "bank", source: "a register"), .hitRate(rows: 200, screened: 900)]
    {
      let verdict = try #require(
        Verdict.fold(listings, today: Statements.today, policy: .eu, guardedBy: finding))
      #expect(verdict.ceiling == .monitor && verdict.limit == .guarded(finding) && verdict.finding == finding)
      #expect(verdict.status == .confirmed(3) && verdict.rule?.action == .block, "what was stated stays")
      let disputed = try Verdict.fold(
        listings + [Statements.dispute("at")], today: Statements.today, policy: .eu, guardedBy: finding)
      #expect(disputed?.limit == .dispute && disputed?.finding == finding, "both are told")
      let single = Verdict.fold(listings.prefix(1), today: Statements.today, policy: .eu, guardedBy: finding)
      #expect(single?.limit == nil && single?.finding == finding, "nothing was there to lower")
    }
    #expect(Verdict.fold([], today: 0, policy: .eu, guardedBy: .hitRate(rows: 1, screened: 1)) == nil)
  }

  @Test func weakTypesStayWeak() throws {
    let verdict = try verdict(
      ["se", "no", "fi"].map { try Statements.listing($0, provenance: .court, type: .merchantDescriptor) })
    #expect(verdict.ceiling == .review && verdict.limit == .type)
  }

  @Test func sightingsAreShownAndDecideNothing() throws {
    let listing = try Statements.listing("se")
    let verdict = try verdict([listing, Statements.sighting("no", month: 610), Statements.sighting("fi", month: 640)])
    #expect(verdict.lastSighted == 640 && verdict.sightedBy.map(\.rawValue) == ["fi", "no"])
    #expect(verdict.status == .singleSource)
  }

  @Test(arguments: [
    Policy(name: "x", rules: [.init(.block, coalitions: 1)], confirmedBy: [], typeCeilings: [:]),
    Policy(name: "x", rules: [.init(.declineOnboarding, coalitions: 1)], confirmedBy: [], typeCeilings: [:]),
    Policy(name: "x", rules: [.init(.monitor, coalitions: 2)], confirmedBy: [], typeCeilings: [:]),
    Policy(name: "x", rules: [.init(.review, coalitions: 0)], confirmedBy: [], typeCeilings: [:]),
    Policy(name: "x", rules: [.init(.block, coalitions: 2, confidence: 101)], confirmedBy: [], typeCeilings: [:]),
    Policy(name: "x", rules: [.init(.block, coalitions: 2, oneFrom: ["rumour"])], confirmedBy: [], typeCeilings: [:]),
    Policy(name: "x", rules: [], confirmedBy: ["rumour"], typeCeilings: [:]),
    Policy(name: "x", rules: [], confirmedBy: [], typeCeilings: ["shop": .review]),
    Policy(name: "", rules: [], confirmedBy: [], typeCeilings: [:]),
    Policy(
      name: "x", rules: [], confirmedBy: [], typeCeilings: [:],
      hitRate: HitRateGuard(leastRows: 0, oneIn: 1_000, windowDays: 30)),
    Policy(
      name: "x", rules: [], confirmedBy: [], typeCeilings: [:],
      hitRate: HitRateGuard(leastRows: 100, oneIn: 0, windowDays: 30)),
    Policy(
      name: "x", rules: [], confirmedBy: [], typeCeilings: [:],
      hitRate: HitRateGuard(leastRows: 100, oneIn: 1_000, windowDays: 367)),
  ])
  func refusesPoliciesThatNoJurisdictionMayHave(_ policy: Policy) {
    let problem = #expect(throws: Problem.self) { try policy.check() }
    #expect(problem?.code == "policy-malformed")
  }

  @Test func theBuiltInPoliciesAreGood() throws { for policy in Policy.builtIn { try policy.check() } }
}
