import Alliance
import Signing
import Wire

/// Every run of an election of four members within three rounds and two rosters, by the product's own rules.
///
/// What a member may do depends only on what is there, never on what is not, so that every delay and loss of messages is a
/// run in which some steps come later or never: the set of all that was said is the whole network. Members that do not lie are
/// alike, and a state is looked at once. A liar has said all that it ever says before the others begin, which is the most
/// that they can hear of it.
struct Exploration {
  static let rosters = [ObjectHash(sha256: [1]), ObjectHash(sha256: [2])]
  static let names = ["bb", "cc", "dd", "aa"].compactMap { CoalitionID($0) }

  /// What a member has said: bits by round and roster for votes, by what it claims for promises; and what it remembers.
  struct Member: Hashable {
    var votes: UInt8 = 0
    var promises: [UInt8] = [0, 0]
    var pledge = Pledge()
  }

  /// The rules of the product; a test breaks one.
  struct Rules {
    var promise: (Pledge, RosterRound) -> Pledge? = { try? $0.promising($1) }
    var vote: (Pledge, RosterChoice) -> Pledge? = { try? $0.voting($1) }
    /// Which rosters (bits) may follow promises with these claims (bits, by member); nil: as the product says.
    var follow: (([UInt8]) -> UInt8)?
    /// Whether a member can forget what it has released.
    var forgets = false
    var quorum = Quorum(of: 4)
    /// Fewer, where a mistake is seen soon.
    var rounds = 3
  }

  struct Found: Equatable {
    var states = 0
    var decided = 0
    var twoDecided = false
    /// A quorum answers a new round, and nothing can be proposed, or something else than was decided.
    var stuck = false
  }

  let rounds: [RosterRound]
  let rules: Rules
  private let honest: Int
  private let liars: [Member]
  private let liarsRounds: UInt8
  private let liarProposes: UInt8
  private var members: [Member] = []
  private var numbers: [Member: Int] = [:]
  private var steps: [[Int]?] = []
  private var verdicts: [UInt64: (propose: UInt8, vote: UInt8)] = [:]
  private var lives: [UInt64: Bool] = [:]

  /// - Parameter proposes: which rounds (bits) are the first liar's own.
  init(rules: Rules = Rules(), liars: [Member] = [], proposes: UInt8 = 0) {
    self.rules = rules
    self.liars = liars
    honest = 4 - liars.count
    liarsRounds = proposes
    rounds = (0..<3).map { round in
      RosterRound(number: UInt32(round + 1), proposer: proposes >> round & 1 == 1 ? Self.names[3] : Self.names[0])
    }
    var proposed: UInt8 = 0
    for round in 0..<3 where proposes >> round & 1 == 1 { proposed |= (liars.first?.votes ?? 0) & (3 << (2 * round)) }
    liarProposes = proposed
    _ = number(Member())
  }

  static func choice(_ bit: Int, _ rounds: [RosterRound]) -> RosterChoice {
    RosterChoice(round: rounds[bit / 2], proposal: rosters[bit % 2])
  }

  /// What a promise claims, as the number of a bit: 0 for no vote, then by round and roster.
  static func claim(_ latest: RosterChoice?) -> Int {
    guard let latest else { return 0 }
    return 1 + Int(latest.round.number - 1) * 2 + (latest.proposal == rosters[0] ? 0 : 1)
  }

  private mutating func number(_ member: Member) -> Int {
    if let number = numbers[member] { return number }
    members.append(member)
    steps.append(contentsOf: [[Int]?](repeating: nil, count: 8))
    numbers[member] = members.count - 1
    return members.count - 1
  }

  /// What can become of a member: events 0 to 5 are votes by round and roster, 6 and 7 promises for the later rounds.
  private mutating func step(_ from: Int, _ event: Int) -> [Int] {
    if let known = steps[from * 8 + event] { return known }
    var next = members[from]
    var result: [Int] = []
    if event < 6 {
      if let pledge = rules.vote(next.pledge, Self.choice(event, rounds)) {
        next.votes |= 1 << event
        if rules.forgets { result.append(number(next)) }
        next.pledge = pledge
        result.append(number(next))
      }
    } else if let pledge = rules.promise(next.pledge, rounds[event - 5]) {
      next.promises[event - 6] |= 1 << Self.claim(next.pledge.voted)
      if rules.forgets { result.append(number(next)) }
      next.pledge = pledge
      result.append(number(next))
    }
    result.removeAll { $0 == from }
    steps[from * 8 + event] = result
    return result
  }

  /// All that one member can say if others propose what they like: by votes and promises.
  mutating func histories() -> [Member] {
    var (seen, waiting): (Set<Int>, [Int]) = ([0], [0])
    while let state = waiting.popLast() {
      for event in 0..<8 {
        for next in step(state, event) where seen.insert(next).inserted { waiting.append(next) }
      }
    }
    return seen.sorted().map { members[$0] }
  }

  mutating func run() -> Found {
    var found = Found()
    let events = Array(0..<2 * rules.rounds) + Array(6..<5 + rules.rounds)
    let start = pack([Int](repeating: 0, count: honest), liarProposes)
    var (seen, waiting): (Set<UInt64>, [UInt64]) = ([start], [start])
    while let state = waiting.popLast() {
      found.states += 1
      let (group, proposed) = unpack(state)
      let verdict = verdict(group, proposed)
      let decided = decided(group)
      if decided != 0 { found.decided += 1 }
      if decided == 3 { found.twoDecided = true }
      if rules.follow == nil, !rules.forgets, honest >= 3, !lives(group, proposed, verdict.vote, decided) {
        found.stuck = true
      }
      if found.twoDecided { return found }
      for bit in 0..<2 * rules.rounds
      where liarsRounds >> (bit / 2) & 1 == 0 && verdict.propose >> bit & 1 == 1 && proposed >> (bit & 6) & 3 == 0 {
        let next = pack(group, proposed | 1 << bit)
        if seen.insert(next).inserted { waiting.append(next) }
      }
      for index in 0..<honest where index == 0 || group[index] != group[index - 1] {
        for event in events where event >= 6 || verdict.vote >> event & 1 == 1 {
          for after in step(group[index], event) {
            var changed = group
            changed[index] = after
            let next = pack(changed, proposed)
            if seen.insert(next).inserted { waiting.append(next) }
          }
        }
      }
    }
    return found
  }

  private func pack(_ group: [Int], _ proposed: UInt8) -> UInt64 {
    group.sorted().reduce(UInt64(proposed)) { $0 << 12 | UInt64($1) }
  }

  private func unpack(_ state: UInt64) -> ([Int], UInt8) {
    let group = (0..<honest).map { Int(state >> UInt64(12 * (honest - 1 - $0)) & 0xfff) }
    return (group, UInt8(state >> UInt64(12 * honest)))
  }

  /// Which rosters (bits) are decided.
  private func decided(_ group: [Int]) -> UInt8 {
    var result: UInt8 = 0
    for bit in 0..<6 {
      var count = 0
      for liar in liars { count += Int(liar.votes >> bit & 1) }
      for member in group { count += Int(members[member].votes >> bit & 1) }
      if rules.quorum.isReached(by: count) { result |= 1 << (UInt8(bit) & 1) }
    }
    return result
  }

  /// What may be proposed and voted for, as bits by round and roster.
  private mutating func verdict(_ group: [Int], _ proposed: UInt8) -> (propose: UInt8, vote: UInt8) {
    let said = group.map { UInt64(members[$0].promises[0]) | UInt64(members[$0].promises[1]) << 3 }.sorted()
    let key = said.reduce(UInt64(proposed)) { $0 << 8 | $1 }
    if let known = verdicts[key] { return known }
    var (propose, vote): (UInt8, UInt8) = (3, 0)
    let justification = justification(group, proposed)
    for round in 1..<3 {
      if let follow = rules.follow {
        propose |= follow(group.map { members[$0].promises[round - 1] }) << (2 * round)
      } else {
        let answer = justification.answer(for: rounds[round])
        for roster in 0..<2 where answer.allows(Self.rosters[roster]) { propose |= 1 << (2 * round + roster) }
      }
    }
    for bit in 0..<6 where proposed >> bit & 1 == 1 {
      let allowed =
        rules.follow == nil ? justification.allows(Self.choice(bit, rounds)) : propose >> bit & 1 == 1
      if allowed { vote |= 1 << bit }
    }
    verdicts[key] = (propose, vote)
    return (propose, vote)
  }

  private func justification(
    _ group: [Int], _ proposed: UInt8, _ last: [Justification.Promise] = []
  ) -> Justification {
    var promises = last
    let all = group.map { members[$0] } + liars.reversed()
    for (name, member) in zip(Self.names, all) {
      for round in 1..<3 {
        for claim in 0..<5 where member.promises[round - 1] >> claim & 1 == 1 {
          let latest = claim == 0 ? nil : Self.choice(claim - 1, rounds)
          promises.append(.init(member: name, round: rounds[round], latest: latest))
        }
      }
    }
    return Justification(
      quorum: rules.quorum, first: rounds[0], promises: promises,
      proposals: (0..<6).filter { proposed >> $0 & 1 == 1 }.map { Self.choice($0, rounds) })
  }

  /// Whether every quorum of honest members can decide in a new round, and nothing but what was decided.
  private mutating func lives(_ group: [Int], _ proposed: UInt8, _ allowed: UInt8, _ decided: UInt8) -> Bool {
    for absent in (honest == 4 ? 0..<4 : 3..<4) {
      let quorum = group.indices.filter { $0 != absent }
      let claims = quorum.map { UInt64(Self.claim(members[group[$0]].pledge.voted)) }.sorted()
      let key = claims.reduce(UInt64(allowed) << 2 | UInt64(decided)) { $0 << 3 | $1 }
      if let known = lives[key] {
        if known { continue } else { return false }
      }
      let round = RosterRound(number: 4, proposer: Self.names[0])
      let last = quorum.map { index in
        Justification.Promise(member: Self.names[index], round: round, latest: members[group[index]].pledge.voted)
      }
      let answer = justification(group, proposed, last).answer(for: round)
      let lives =
        !answer.waits
        && (0..<2).allSatisfy { decided == 0 || decided >> $0 & 1 == 1 || !answer.allows(Self.rosters[$0]) }
      self.lives[key] = lives
      if !lives { return false }
    }
    return true
  }
}
