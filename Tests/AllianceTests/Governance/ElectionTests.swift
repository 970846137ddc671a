import Alliance
import Testing
import Wire

/// Never two rosters of one number: looked at in every run that four members can have within bounds.
@Suite struct ElectionTests {
  @Test func fourMembersNeverDecideTwoRosters() {
    var exploration = Exploration()
    let found = exploration.run()
    print("four honest members: \(found.states) states, \(found.decided) in which a roster is decided")
    #expect(!found.twoDecided)
    #expect(!found.stuck, "whatever happened, any three can decide, and only what was decided")
    #expect(found.decided > 1_000 && found.states > 10_000)
  }

  /// Rules that are wrong, each in one place: the exploration must see two rosters decided.
  @Test(arguments: ["votes below a promise", "ignores votes", "repeats any vote", "forgets", "quorum too small"])
  func aBrokenRuleIsSeen(_ mistake: String) {
    var rules = Exploration.Rules()
    let promised = { (claims: [UInt8]) in claims.count { $0 != 0 } >= 3 }
    switch mistake {
    case "votes below a promise":
      rules.vote = { pledge, choice in
        if let voted = pledge.voted, voted.round >= choice.round { return nil }
        return (try? pledge.voting(choice)) ?? pledge
      }
    case "ignores votes": rules.follow = { claims in promised(claims) ? 3 : 0 }
    case "repeats any vote":
      rules.follow = { claims in
        guard promised(claims) else { return 0 }
        var named: UInt8 = 0
        for claim in claims { named |= (claim >> 1 | claim >> 3) & 3 }
        return named == 0 ? 3 : named
      }
    case "forgets":
      rules.forgets = true
      rules.rounds = 2
    default: rules.quorum = Quorum(of: 3)
    }
    var exploration = Exploration(rules: rules)
    let found = exploration.run()
    print("\(mistake): two decided after \(found.states) states")
    #expect(found.twoDecided)
  }

  /// With four members, whatever one of them signs, in whichever rounds it proposes: the other three never decide twice,
  /// and can always decide.
  @Test func oneLiarOfFourCannotSplitTheOthers() {
    let liar = Exploration.Member(votes: 0x3f, promises: [0x07, 0x1f])
    var states = 0
    for proposes in 0..<UInt8(8) {
      var exploration = Exploration(liars: [liar], proposes: proposes)
      let found = exploration.run()
      states += found.states
      #expect(!found.twoDecided, "rounds \(proposes)")
      #expect(!found.stuck, "rounds \(proposes)")
    }
    print("one liar: \(states) states")
  }

  /// Whoever signs only what an honest member could have signed does no harm, even without reason to sign it, and even if there
  /// are two of them. So whoever does harm has signed a contradiction, and `RosterContradictionTests` find them all.
  @Test func whoeverDoesHarmIsExposed() {
    var all = Exploration()
    let histories = all.histories()
    func says(_ one: Exploration.Member, allOf other: Exploration.Member) -> Bool {
      one.votes & other.votes == other.votes
        && zip(one.promises, other.promises).allSatisfy { $0 & $1 == $1 }
    }
    let most = histories.filter { one in
      !histories.contains { $0 != one && says($0, allOf: one) && !says(one, allOf: $0) }
    }
    var (runs, states) = (0, 0)
    // The two rosters are alike, so the first liar may as well begin with the first.
    let first = most.filter { [0, 1].contains($0.votes & 3) && ($0.votes & 3 == 1 || $0.votes & 0xc != 8) }
    for liars in first.map({ [$0] }) + first.flatMap({ one in most.map { [one, $0] } }) {
      for proposes in 0..<UInt8(8) {
        var exploration = Exploration(liars: liars, proposes: proposes)
        let found = exploration.run()
        runs += 1
        states += found.states
        #expect(!found.twoDecided, "\(liars) \(proposes)")
      }
    }
    print("careful liars, one or two of four: \(runs) ways, \(states) states")
    #expect(most.count == 18, "three ways to vote in each of two rounds, two in the last")
  }
}
