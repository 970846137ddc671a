import Alliance
import AllianceBench
import CertificateBench
import Keys
import Signing
import Testing
import Wire

@testable import Operations

/// A key signs nothing that contradicts what it has signed before, and says so after any loss.
@Suite struct PledgedSignerTests {
  private let alliance: FoundedAlliance
  private let folder: TemporaryFolder
  private let member: CoalitionID
  private let passphrase = "nine people sat on a wall"

  init() throws {
    alliance = try FoundedAlliance(["dk", "no", "se", "us"], seed: 45)
    folder = try TemporaryFolder()
    member = alliance.membership.rosters.election.first.proposer
    let identity = try #require(alliance.identities[member])
    let text = try IdentityKeyFile.seal(identity, of: member, passphrase: passphrase)
    try folder.write(Array(text.utf8), to: "identity.key")
  }

  private var chain: RosterChain { alliance.membership.rosters }

  private func signer(heard: [CoalitionID] = [], roster: UInt32 = 1) throws -> PledgedSigner {
    try PledgedSigner(
      member, after: chain, identityKey: folder.path("identity.key"), passphrase: passphrase,
      heard: RosterHeard(roster: roster, peers: heard))
  }

  private func roster(_ name: String) throws -> Roster {
    var change = RosterChange()
    change.allianceName = name
    return try chain.next(change, issuedAt: 5)
  }

  @Test func keepsWhatItSignsBesideTheKey() throws {
    try PledgeFile(besides: folder.path("identity.key")).begin()
    let nothing = Deliberation(after: chain)
    var first = try signer()
    #expect(first.released.isEmpty)
    let said = try first.sign(.propose(roster("One"), chain.election.first), knowing: nothing)
    // Another process, which was told nothing by anybody: the file alone keeps it honest.
    var second = try signer()
    #expect(second.released == [said])
    #expect(
      problemCode {
        _ = try second.sign(.propose(roster("Two"), chain.election.first), knowing: nothing)
      } == "roster-voted")
    #expect(try folder.permissions("identity.key.pledge") == 0o600)
  }

  @Test func aKeyAloneAsksAQuorum() throws {
    let others = alliance.coalitions.filter { $0 != member }
    #expect(problemCode { _ = try signer() } == "roster-pledge-missing")
    #expect(problemCode { _ = try signer(heard: Array(others.prefix(1))) } == "roster-pledge-missing")
    #expect(
      problemCode { _ = try signer(heard: [member, others[0]]) } == "roster-pledge-missing", "ourselves do not count")
    #expect(
      problemCode { _ = try signer(heard: Array(others.prefix(2)), roster: 2) } == "roster-pledge-missing",
      "what was heard about another roster says nothing")
    // What they show of ours is what it begins with.
    var known = try alliance.deliberation(
      on: {
        var change = RosterChange()
        change.allianceName = "One"
        return change
      }())
    var restored = try signer(heard: Array(others.prefix(2)))
    #expect(
      problemCode {
        _ = try restored.sign(.propose(roster("Two"), chain.election.first), knowing: known)
      } == "roster-voted")
    let promised = try restored.sign(.promise(known.nextRound(of: member)), knowing: known)
    guard case .promise(let promise) = promised else {
      Issue.record("no promise")
      return
    }
    #expect(promise.latest?.round == chain.election.first, "the promise names the vote that others showed")
    try known.add(promise)
    #expect(known.contradictions.isEmpty)
  }

  @Test func refusesAnotherKeyAndADamagedPledge() throws {
    let other = try #require(alliance.coalitions.first { $0 != member })
    try PledgeFile(besides: folder.path("identity.key")).begin()
    #expect(
      problemCode {
        _ = try PledgedSigner(
          other, after: chain, identityKey: folder.path("identity.key"), passphrase: passphrase,
          heard: RosterHeard(roster: 1, peers: []))
      } == "identity-key-other")
    #expect(
      problemCode {
        _ = try PledgedSigner(
          member, after: chain, identityKey: folder.path("away.key"), passphrase: passphrase,
          heard: RosterHeard(roster: 1, peers: []))
      } == "identity-key-away")
    try folder.write([1, 2, 3], to: "identity.key.pledge")
    #expect(problemCode { _ = try signer() } == "roster-pledge-unreadable")
  }
}
