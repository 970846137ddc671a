internal import Signing
internal import Wire

extension Roster {
  /// Whether this roster may follow another: all that can be said by looking at the two. Who had a name or key in rosters
  /// before that is asked by `RosterChain`.
  /// - Throws: `Problem` `roster-order`, `roster-pin`, `roster-retired`, `roster-hash-keys`, `roster-quota` or
  ///   `roster-too-many-new`.
  func follows(_ before: Roster, in alliance: ObjectHash) throws(Problem) {
    let object = "roster \(number)"
    guard self.alliance == alliance, number == before.number + 1, previous == before.hash else {
      throw Problem("roster-order", "the roster does not follow roster \(before.number)", object: object)
    }
    guard purpose == before.purpose, issuedAt >= before.issuedAt else {
      throw Problem(
        "roster-order", "an alliance keeps its purpose, and a roster is not issued before the one that it follows",
        object: object)
    }
    for member in members { try check(member, after: before.member(member.coalition)) }
    try checkRetired(before)
    try checkHashKeys(before)
    let staying = members.count { before.member($0.coalition)?.identityKey == $0.identityKey }
    guard Quorum(of: members.count).isReached(by: staying) else {
      throw Problem(
        "roster-too-many-new",
        "only \(staying) members stay with their identity key, and \(Quorum(of: members.count).size) of \(members.count) decide then",
        object: object, next: "admit fewer at once, and the others by the roster after")
    }
  }

  private func check(_ member: Member, after before: Member?) throws(Problem) {
    let object = "\(member.coalition) in roster \(number)"
    guard (1...Self.mostQuota).contains(member.quota.statements), (1...Self.mostQuota).contains(member.quota.liveBytes)
    else { throw Problem("roster-quota", "a quota is from 1 to 2^40", object: object) }
    guard let before else { return }
    guard member.recordNumber >= before.recordNumber,
      member.recordNumber > before.recordNumber || member.recordHash == before.recordHash
    else {
      throw Problem(
        "roster-pin", "record \(before.recordNumber) is pinned, and that is never taken back", object: object)
    }
  }

  /// Who goes is retired at its last epoch, and nobody else is; who was retired stays so.
  private func checkRetired(_ before: Roster) throws(Problem) {
    let leaving = Set(before.coalitions).subtracting(coalitions)
    guard leaving.isSubset(of: retired.map(\.coalition)) else {
      throw Problem("roster-retired", "who is removed is named with its last epoch", object: "roster \(number)")
    }
    for entry in retired {
      let known = before.retiredEpoch(of: entry.coalition)
      guard leaving.contains(entry.coalition) ? entry.lastEpoch >= known : entry.lastEpoch == known else {
        throw Problem(
          "roster-retired", "its last epoch can only be set by the roster that removes it, and never goes down",
          object: "\(entry.coalition) in roster \(number)")
      }
    }
    guard Set(before.retired.map(\.coalition)).isSubset(of: retired.map(\.coalition)) else {
      throw Problem("roster-retired", "who was retired stays in the list", object: "roster \(number)")
    }
  }

  /// Hash keys are append-only; one that closes on a day closes on that day or a later one; the newest is open.
  private func checkHashKeys(_ before: Roster) throws(Problem) {
    func refused(_ what: String) -> Problem { Problem("roster-hash-keys", what, object: "roster \(number)") }
    guard hashKeys.count >= before.hashKeys.count,
      zip(before.hashKeys, hashKeys).allSatisfy({ $0.commitment == $1.commitment && $1.closes >= $0.closes })
    else { throw refused("hash keys are never taken back, nor closed earlier than was said") }
    guard hashKeys.last?.closes == 0 else {
      throw refused("the newest hash key stays open: another one comes first, with --hash-key")
    }
    guard hashKeys.count > before.hashKeys.count || Set(before.coalitions).isSubset(of: coalitions) else {
      throw refused("who is removed knows the hash key, so a removal brings a new one")
    }
  }
}
