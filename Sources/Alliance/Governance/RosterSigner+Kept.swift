internal import FoundationEssentials
internal import Signing
internal import SwiftProtobuf
internal import Wire

extension RosterSigner.Kept {
  private static let mostBytes = 1 << 20

  /// Reads what was kept. What was said about an earlier roster number binds nobody any more.
  /// - Throws: `Problem` `roster-pledge-unreadable`, or `roster-pledge-ahead` if it is about a roster that comes after one that is
  ///   not here.
  init(bytes: [UInt8], of member: CoalitionID, after chain: RosterChain) throws(Problem) {
    func unreadable(_ what: String) -> Problem {
      Problem(
        "roster-pledge-unreadable", what, object: "\(member)",
        next: "do not sign for roster \(chain.election.number) with this copy")
    }
    guard bytes.count <= Self.mostBytes, let wire = try? WireRosterPledge(serializedBytes: bytes) else {
      throw unreadable("what was kept of our promises and votes cannot be read")
    }
    func ahead(_ number: UInt32) -> Problem {
      Problem(
        "roster-pledge-ahead",
        "this identity key has signed for roster \(number), and roster \(number - 1), which comes before, is not here",
        object: "\(member)",
        next:
          "keep the node running until a member that knows it has been heard: vaka alliance show; if nobody knows it any more, "
          + "the others decide without this key, or give this coalition another one: vaka alliance propose --identity")
    }
    let election = chain.election
    do throws(Problem) {
      if wire.hasPromise {
        let promise = try RosterPromise(SignedObject(type: .rosterPromise, wire: wire.promise))
        if promise.roster < election.number { return }
        if promise.roster > election.number { throw ahead(promise.roster) }
        self.promise = try election.check(promise)
      }
      if wire.hasBallot {
        let vote = try RosterVote(SignedObject(type: .rosterVote, wire: wire.ballot.vote))
        if vote.roster < election.number {
          guard promise == nil else { throw unreadable("what was kept is of two rosters") }
          return
        }
        if vote.roster > election.number { throw ahead(vote.roster) }
        let roster = try Roster(SignedObject(type: .roster, wire: wire.roster))
        try chain.check(roster)
        ballot = try Ballot(wire.ballot, rosters: [roster.hash: roster], in: election)
      }
    } catch {
      throw ["roster-pledge-unreadable", "roster-pledge-ahead"].contains(error.code)
        ? error : unreadable("what was kept does not hold: \(error.what)")
    }
    guard [promise?.coalition, ballot?.coalition].compactMap({ $0 }).allSatisfy({ $0 == member }) else {
      throw unreadable("what was kept is another member's")
    }
    if let promise { pledge = pledge.recalling(promised: promise.round, voted: promise.latest) }
    if let ballot { pledge = pledge.recalling(promised: ballot.choice.round, voted: ballot.choice) }
  }

  var bytes: [UInt8] {
    var wire = WireRosterPledge()
    if let promise { wire.promise = promise.signed.wire }
    if let ballot {
      wire.ballot = ballot.wire
      wire.roster = ballot.roster.signed.wire
    }
    return (try? wire.serializedBytes()) ?? []
  }
}
