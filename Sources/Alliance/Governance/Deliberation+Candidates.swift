public import Signing
public import Wire

extension Deliberation {
  /// Which record each newcomer is proposed with; of several proposals, all.
  public var candidatePins: [CoalitionID: Set<ObjectHash>] {
    var pins: [CoalitionID: Set<ObjectHash>] = [:]
    for ballot in ballots {
      for member in ballot.roster.members where chain.newest.member(member.coalition) == nil {
        pins[member.coalition, default: []].insert(member.recordHash)
      }
    }
    return pins
  }

  /// The records of proposed newcomers, up to those that proposals pin, if all of them are here: they are passed on before the
  /// roster is in force, so that nobody votes for somebody whom only the proposer can show.
  public func candidates(among records: [MemberRecord]) -> [CoalitionID: [MemberRecord]] {
    let pins = candidatePins
    var byHash: [ObjectHash: MemberRecord] = [:]
    for record in records where pins[record.coalition] != nil { byHash[record.hash] = record }
    var candidates: [CoalitionID: [MemberRecord]] = [:]
    for (coalition, hashes) in pins {
      for hash in hashes.sorted() {
        var (path, wanted): ([MemberRecord], ObjectHash?) = ([], hash)
        while let next = wanted, let record = byHash[next], path.last.map({ record.number < $0.number }) ?? true {
          path.append(record)
          wanted = record.previous
        }
        guard wanted == nil, path.reduce(0, { $0 + $1.answerBytes }) <= RecordChain.mostBytes,
          path.count > candidates[coalition, default: []].count
        else { continue }
        candidates[coalition] = path.reversed()
      }
    }
    return candidates
  }
}
