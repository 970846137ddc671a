import Alliance
import CertificateBench
import Foundation
import Testing
import Wire

@Suite("Who a certificate speaks for")
struct PeerTrustTests {
  let alliance: BenchAlliance
  let trust: PeerTrust

  init() throws {
    alliance = try BenchAlliance()
    trust = try alliance.trust()
  }

  @Test(arguments: RefusalCase.all, PeerRole.allCases)
  func refuses(_ refusal: RefusalCase, role: PeerRole) async throws {
    let leaf = try refusal.leaf(in: alliance, as: role)
    let verdict = await trust.judge(chain: leaf.chain, at: Bench.now, role: role, expecting: nil)
    guard case .failure(let found) = verdict else {
      Issue.record("accepted")
      return
    }
    #expect(found.code == refusal.code, "\(found)")
    #expect(refusal.reason.isEmpty || found.reason.contains(refusal.reason), "\(found)")
  }

  @Test(arguments: [LeafShape.KeyKind.p256, .ed25519], PeerRole.allCases)
  func acceptsTheProfile(_ kind: LeafShape.KeyKind, role: PeerRole) async throws {
    let leaf = try alliance.leaf("se") { $0.keyKind = kind }
    let peer = try await trust.judge(chain: leaf.chain, at: Bench.now, role: role, expecting: alliance.se).get()
    #expect(peer.coalition == alliance.se)
    #expect(peer.notAfter == Bench.future)
    #expect(peer.chain == [leaf.chain[0], try alliance.authority("se").der])
  }

  @Test func acceptsTheEndsOfTheValidity() async throws {
    let leaf = try alliance.leaf("se")
    for time in [Bench.past, Bench.future] {
      let verdict = await trust.judge(chain: leaf.chain, at: time, role: .client, expecting: nil)
      #expect(throws: Never.self) { try verdict.get() }
    }
    #expect(await code(leaf.chain, at: Bench.past - 1) == .notYetValid)
    #expect(await code(leaf.chain, at: Bench.future + 1) == .expired)
  }

  @Test func refusesAnotherMemberThanDialled() async throws {
    let chain = try alliance.leaf("no").chain
    let verdict = await trust.judge(chain: chain, at: Bench.now, role: .server, expecting: alliance.se)
    #expect(
      verdict
        == .failure(
          PeerRefusal(
            .wrongPeer, "se was dialled, no answered", claimed: "spiffe://vaka.no.example/node", coalition: alliance.no)
        ))
  }

  @Test func refusesWhatIsNoChain() async throws {
    let leaf = try alliance.leaf("se").chain
    #expect(await code([]) == .noCertificate)
    #expect(await code([[0x30, 0x03, 1, 1]]) == .unreadableCertificate)
    #expect(await code(Array(repeating: leaf[0], count: 5)) == .unreadableCertificate)
    #expect(await code([leaf[0], [UInt8](repeating: 0, count: 16 * 1024 + 1)]) == .unreadableCertificate)
    for length in stride(from: 0, to: leaf[0].count, by: 7) {
      #expect(await code([Array(leaf[0].prefix(length))]) == .unreadableCertificate)
    }
  }

  @Test func noFlippedBitIsAccepted() async throws {
    let leaf = try alliance.leaf("se").chain[0]
    // All that is signed; the encoding of the signature itself, the last 90 bytes, has harmless variants.
    for index in leaf.indices.dropLast(90) {
      var bytes = leaf
      bytes[index] ^= 0x01
      let found = await code([bytes])
      #expect(found != nil, "accepted with byte \(index) of \(leaf.count) changed")
    }
  }

  @Test func aSerialIsRevokedWhateverItsLeadingZeros() async throws {
    var member = try alliance.member("se")
    member.revokedSerials = [[0, 0, 0x11, 0x22, 0x33]]
    let trust = PeerTrust(members: [member])
    let verdict = await trust.judge(
      chain: try alliance.leaf("se").chain, at: Bench.now, role: .client, expecting: nil)
    #expect(throws: PeerRefusal.self) { try verdict.get() }
  }

  @Test func oneBadAuthorityLeavesTheOthers() async throws {
    var member = try alliance.member("se")
    member.authorities = [[1, 2, 3], try BenchAuthority("too long a path", pathLength: nil).der] + member.authorities
    let trust = PeerTrust(members: [member])
    #expect(trust.problems.map(\.code) == ["unusable-authority", "unusable-authority"])
    let verdict = await trust.judge(
      chain: try alliance.leaf("se").chain, at: Bench.now, role: .client, expecting: nil)
    #expect(throws: Never.self) { try verdict.get() }
  }

  @Test func aMemberWithoutUsableAuthorityIsNamedAsSuch() async throws {
    var member = try alliance.member("se")
    member.authorities = [[1, 2, 3]]
    let verdict = await PeerTrust(members: [member]).judge(
      chain: try alliance.leaf("se").chain, at: Bench.now, role: .client, expecting: nil)
    guard case .failure(let refusal) = verdict else {
      Issue.record("accepted")
      return
    }
    #expect(refusal.code == .unusableAuthority)
  }

  @Test func aTrustDomainNamedTwiceIsTrustedForNeither() async throws {
    let member = try alliance.member("se")
    var twin = try alliance.member("no")
    twin.trustDomain = member.trustDomain
    let trust = PeerTrust(members: [member, twin])
    #expect(trust.problems.map(\.code) == ["trust-domain-twice"])
    let verdict = await trust.judge(
      chain: try alliance.leaf("se").chain, at: Bench.now, role: .client, expecting: nil)
    #expect(throws: PeerRefusal.self) { try verdict.get() }
  }

  @Test func everyReasonIsSafeToLog() async throws {
    let leaf = try alliance.leaf("se") { $0.uris = ["spiffe://a\u{1b}[31m\n\u{7f}b/node"] }
    let verdict = await trust.judge(chain: leaf.chain, at: Bench.now, role: .client, expecting: nil)
    guard case .failure(let refusal) = verdict else {
      Issue.record("accepted")
      return
    }
    let text = refusal.reason + (refusal.claimed ?? "")
    #expect(text.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) })
  }

  private func code(_ chain: [[UInt8]], at time: Date = Bench.now) async -> PeerRefusalCode? {
    guard case .failure(let refusal) = await trust.judge(chain: chain, at: time, role: .client, expecting: nil) else {
      return nil
    }
    return refusal.code
  }
}
