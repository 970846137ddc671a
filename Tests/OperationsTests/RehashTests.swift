import Alliance
import AllianceBench
import CertificateBench
import Foundation
import Indicators
import Keys
import Ledger
import Replication
import Signing
import Store
import Testing
import Wire

@testable import Operations

/// Our own listings move to a new hash key from the vault: each found by either key at every moment, and each once.
@Suite struct RehashTests {
  private static let passphrase = "a long test passphrase"
  private static let day: UInt64 = 86_400_000
  private static let now: UInt64 = 1_790_000_000_000
  private static let template = ListingTemplate(reason: .sanctionsList, provenance: .openSource)

  private let folder: TemporaryFolder
  private let home: NodeHome
  private let ledger: LedgerStore
  private let vault: VaultStore
  private let author: Author
  private let membership: Membership
  private let newKey: HashKey

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.founded.get().path("se"), toPath: folder.path("se"))
    home = try NodeHome(NodeFolder(folder.path("se")))
    ledger = try LedgerStore.open(home.folder.ledger)
    vault = try VaultStore.open(home.folder.vault)
    membership = try home.requireMembership()
    author = Author(
      coalition: home.coalition, epoch: 1, key: try SigningKeyFile.read(home.folder.signingKey(epoch: 1)))
    newKey = try #require(HashKey(epoch: 2, bytes: [UInt8](repeating: 7, count: 32)))
  }

  /// Two coalitions found an alliance, once for all tests: sealing identity keys takes seconds.
  private static let founded = Result { try found() }

  private static func found() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let folders = ["se", "no"].map { NodeFolder(folder.path($0)) }
    var cards: [(text: String, file: String)] = []
    for (id, node) in zip(["se", "no"], folders) {
      _ = try InitialiseNode(
        coalition: #require(CoalitionID(id)), name: "Demo \(id)", endpoints: ["127.0.0.1:7473"], trustDomain: nil,
        listenHost: "127.0.0.1", listenPort: 7473
      ).run(in: node, passphrase: passphrase, now: .now)
      cards.append((try NodeHome(node).card.text, "\(id).card"))
    }
    var file = try FoundAlliance(name: "Test", purpose: .exercise, cards: cards)
      .run(in: folders[0], passphrase: passphrase, now: now).text
    for node in [folders[1], folders[0]] {
      file = try JoinAlliance(files: [(file, "alliance")])
        .run(in: node, passphrase: { passphrase }, confirm: { _ in true }).text
    }
    return folder
  }

  // MARK: steps

  /// The roster that brings the second key, and says when the first closes.
  private func roster(closing day: UInt32? = nil) throws -> Roster {
    var change = RosterChange()
    change.hashKey = membership.roster.hash
    if let day { change.closes[1] = day }
    return try membership.rosters.next(change, issuedAt: Self.now)
  }

  private func takeKey() throws { try HashKeyFile.write(newKey, to: home.folder.hashKey(epoch: 2)) }

  private func list(_ names: [String]) throws {
    let writer = try IndicatorWriter(home, template: Self.template, now: Self.now)
    let items = try names.map { try writer.item(for: indicator($0)) }
    #expect(try submit(Submission(items: items)).accepted == names.count)
    try sign()
  }

  private func submit(_ submission: Submission) throws -> Submission.Answer {
    try submission.accept(
      into: ledger, vault: vault, coalition: home.coalition, now: Self.now,
      audit: AuditTrail(home.folder))
  }

  private func sign() throws {
    while let prepared = try author.prepare(
      in: ledger, membership: membership, now: Self.now, random: { FreshKeys.bytes($0) })
    {
      let published = try author.publish(prepared, in: ledger, membership: membership)
      try vault.remove(published.removed)
    }
  }

  private func round(_ roster: Roster) throws -> Rehash.Outcome? {
    guard var rehash = try Rehash(home, roster: roster, now: Self.now) else { return nil }
    while true {
      if case .finished(let outcome) = try rehash.step(in: ledger, vault: vault) { return outcome }
    }
  }

  private func indicator(_ name: String) throws -> Indicator { try Indicator.parse("1|\(name)", as: .merchantID) }

  private func key(_ name: String, _ epoch: UInt32, _ facet: Facet = .listing) throws -> StatementKey {
    let keys = try home.openHashKeys(on: 0).keys + [newKey]
    let key = try #require(keys.first { $0.epoch == epoch })
    return StatementKey(facet, DigestFunction(key: key).digest(of: try indicator(name)))
  }

  private func listing(_ name: String, _ epoch: UInt32) throws -> WireListing? {
    try ledger.view { try $0.row(of: home.coalition, key: key(name, epoch)) }
      .map { try WireListing(serializedBytes: $0.statement) }
  }

  private func count() throws -> UInt64 { try ledger.read { try $0.position(of: home.coalition).statements } }

  // MARK: moving

  @Test func nothingMovesWithoutANewKeyHere() throws {
    try list(["a"])
    #expect(try round(membership.roster) == nil)
    #expect(try round(roster()) == nil, "the key is not here yet")
    let keys = try home.openHashKeys(on: 0, roster: roster())
    #expect(keys.missing == [2] && keys.functions.map(\.keyEpoch) == [1])
    #expect(
      OpenHashKeys.warning(missing: keys.missing) == "hash key 2 is not here yet: listings under it do not match")
    try FileManager.default.removeItem(atPath: home.folder.hashKey(epoch: 1))
    #expect(problemCode { _ = try home.openHashKeys(on: 0, roster: roster()) } == "no-hash-key")
  }

  @Test func everyListingMovesOnceAndIsFoundByEitherKey() throws {
    let names = (0..<30).map { "S\($0)" }
    try list(names)
    let before = try #require(try listing("S7", 1))
    try takeKey()
    #expect(try round(roster()) == .init(moved: 30, withoutPlaintext: 0))
    #expect(try round(roster())?.moved == 0, "they are on their way")
    try sign()
    #expect(try round(roster())?.moved == 0)
    #expect(try count() == 30)
    try ledger.view { view in
      for name in names {
        for epoch in UInt32(1)...2 {
          let found = try view.statements(on: #require(try key(name, epoch).digest))
          #expect(try found.map(\.row.key) == [key(name, 2)])
        }
      }
      #expect(try view.listingsByHashKey() == [home.coalition: [2: 30]])
      #expect(try view.indicatorCounts().indicators == 30)
    }
    var after = try #require(try listing("S7", 2))
    #expect(try Array(after.previousDigest) == Array(key("S7", 1).bytes.dropFirst()) && after.previousKeyEpoch == 1)
    (after.previousDigest, after.previousKeyEpoch, after.keyEpoch) = (Data(), 0, 1)
    #expect(after == before, "it says what it said")
    #expect(try vault.sealed(key("S7", 1)) == nil)
    let plaintext = try VaultKey(file: home.folder.vaultKey)
      .open(#require(try vault.sealed(key("S7", 2))), for: key("S7", 2).bytes)
    #expect(try WireVaultItem(serializedBytes: plaintext).value == indicator("S7").value)
    #expect(try ledger.checkIntegrity().faults == [])
  }

  @Test func aMoveIsOneHeadAndManyAreSeveral() throws {
    let names = (0..<(Rehash.mostAtOnce + 300)).map { "M\($0)" }
    try list(names)
    try takeKey()
    var rehash = try #require(try Rehash(home, roster: roster(), now: Self.now))
    var heads = 0
    while true {
      let before = try ledger.read { try $0.position(of: home.coalition).head?.index } ?? 0
      let step = try rehash.step(in: ledger, vault: vault)
      let queued = try ledger.view { try $0.queueCount() }
      #expect(queued <= 4_096)
      try sign()
      let after = try ledger.read { try $0.position(of: home.coalition).head?.index } ?? 0
      #expect(after - before == (queued == 0 ? 0 : 1), "put and remove in one head")
      heads += Int(after - before)
      #expect(try count() == UInt64(names.count))
      if case .finished(let outcome) = step {
        #expect(outcome.moved == names.count)
        break
      }
    }
    #expect(heads >= 2)
  }

  /// The vault is durable first, so a crash at any place leaves something to go on from.
  @Test func aCrashBetweenVaultAndQueueDoesNoHarm() throws {
    try list(["a", "b"])
    try takeKey()
    let sealed = try #require(try vault.sealed(key("a", 1)))
    let vaultKey = try VaultKey(file: home.folder.vaultKey)
    let plaintext = try vaultKey.open(sealed, for: key("a", 1).bytes)
    try vault.save([(key("a", 2), vaultKey.seal(plaintext, for: key("a", 2).bytes))])
    #expect(try round(roster())?.moved == 2)
    try sign()
    #expect(try listing("a", 2) != nil && listing("a", 1) == nil && count() == 2)
  }

  @Test func whatTheVaultHasLostIsNamedAndMovesWhenItIsListedAgain() throws {
    try list(["kept", "lost"])
    try vault.remove([key("lost", 1)])
    try takeKey()
    #expect(try round(roster()) == .init(moved: 1, withoutPlaintext: 1))
    try sign()
    var filter = ListIndicators.Filter(coalition: home.coalition)
    filter.oldKey = true
    // By the roster in this folder the first key is the newest, so the filter says nothing of it.
    #expect(try ListIndicators.run(home, filter, limit: 9, today: 1).listings.isEmpty)
    let again = try WireListing.with {
      $0 = try #require(try listing("kept", 2))
      $0.previousDigest = try Data(key("lost", 1).bytes.dropFirst())
    }
    let sealed = try VaultKey(file: home.folder.vaultKey)
      .seal(WireVaultItem(indicator("lost")).serializedBytes(), for: key("lost", 2).bytes)
    let item = Submission.Item.list(try key("lost", 2), statement: try again.serializedBytes(), vault: sealed)
    #expect(try submit(Submission(items: [item])).accepted == 1)
    #expect(try submit(Submission(items: [item])).unchanged == 1)
    try sign()
    #expect(try listing("lost", 2) != nil && listing("lost", 1) == nil && count() == 2)
    #expect(try round(roster()) == .init(moved: 0, withoutPlaintext: 0))
  }

  @Test func whatIsListedAlreadyIsNotListedUnderTheNewKeyBeside() throws {
    try list(["a"])
    try takeKey()
    var statement = try #require(try listing("a", 1))
    (statement.keyEpoch, statement.previousKeyEpoch) = (2, 1)
    statement.previousDigest = try Data(key("a", 1).bytes.dropFirst())
    let item = Submission.Item.list(try key("a", 2), statement: try statement.serializedBytes(), vault: [1])
    #expect(try submit(Submission(items: [item])).unchanged == 1, "it moves by itself")
    #expect(try round(roster())?.moved == 1)
    try sign()
    #expect(try count() == 1)
    let older = Submission.Item.list(
      try key("a", 1),
      statement: try WireListing.with {
        $0 = statement
        $0.keyEpoch = 1
      }.serializedBytes(), vault: [1])
    #expect(try submit(Submission(items: [older])).unchanged == 1, "by a command that has only the older key")
  }

  /// While three keys are open, a listing under the second names the first, as one under the third would.
  @Test func whatStandsUnderAKeyBetweenIsNotListedUnderTheNewestBeside() throws {
    try list(["a", "b"])
    try takeKey()
    #expect(try round(roster())?.moved == 2)
    try sign()
    let third = try #require(HashKey(epoch: 3, bytes: [UInt8](repeating: 9, count: 32)))
    func item(_ name: String) throws -> Submission.Item {
      var statement = try #require(try listing(name, 2))
      statement.keyEpoch = 3
      let key = try StatementKey(.listing, DigestFunction(key: third).digest(of: indicator(name)))
      return .list(key, statement: try statement.serializedBytes(), vault: [1])
    }
    #expect(
      try submit(Submission(items: [item("a")])).unchanged == 1, "it moves by itself when the first key is closed")
    try vault.remove([key("b", 2)])
    #expect(try submit(Submission(items: [item("b")])).accepted == 1, "what the vault has lost moves with this")
    try sign()
    #expect(try listing("b", 2) == nil && count() == 2)
  }

  /// Whoever has the older digest at hand withdraws the listing, wherever it is by then.
  @Test(arguments: [false, true]) func aWithdrawalFollowsTheListing(isSigned: Bool) throws {
    try list(["a", "b"])
    try takeKey()
    #expect(try round(roster())?.moved == 2)
    if isSigned { try sign() }
    #expect(try submit(Submission(items: [.withdraw(key("a", 1))])).accepted == 1)
    try sign()
    #expect(try listing("a", 2) == nil && listing("a", 1) == nil && listing("b", 2) != nil && count() == 1)
    #expect(try submit(Submission(items: [.withdraw(key("a", 1))])).unchanged == 1)
  }

  @Test func aDisputeFollowsTheListing() throws {
    try list(["a"])
    var dispute = WireDispute()
    (dispute.type, dispute.keyEpoch, dispute.ground) = (.merchantID, 1, .lawfulBusiness)
    for name in ["a", "nobody's"] {
      let item = Submission.Item.state(try key(name, 1, .dispute), statement: try dispute.serializedBytes())
      #expect(try submit(Submission(items: [item])).accepted == 1)
    }
    try sign()
    try takeKey()
    #expect(try round(roster())?.moved == 1)
    try sign()
    #expect(try round(roster())?.moved == 1, "the dispute, once the listing shows the way")
    try sign()
    let moved = try #require(try ledger.view { try $0.row(of: home.coalition, key: key("a", 2, .dispute)) })
    #expect(try moved.previousKey == key("a", 1, .dispute))
    #expect(try ledger.view { try $0.row(of: home.coalition, key: key("a", 1, .dispute)) } == nil)
    #expect(try ledger.view { try $0.row(of: home.coalition, key: key("nobody's", 1, .dispute)) } != nil)
  }

  @Test func whatMatchesTooMuchIsHeldUnderTheNewKeyToo() throws {
    try list(["a", "b"])
    let log = try ScreeningStore.open(home.folder.screening)
    let held = try ["a", "b", "c"].map { try #require(try key($0, 1).digest) }
    try log.hold(held.map { ($0, 500, 1_000) }, at: 5)
    #expect(try log.release(held[1], at: 6))
    #expect(try FollowHolds.run(home.folder, in: ledger, coalition: home.coalition) == 0)
    try takeKey()
    #expect(try round(roster())?.moved == 2)
    try sign()
    for _ in 1...2 { #expect(try FollowHolds.run(home.folder, in: ledger, coalition: home.coalition) == 2) }
    let holds = try log.holds()
    #expect(holds.count == 5)
    #expect(try holds.first { $0.digest == (try key("a", 2).digest) }?.rows == 500)
    #expect(try holds.first { $0.digest == (try key("b", 2).digest) }?.releasedAt == 6, "our own word")
    try log.close()
  }

  // MARK: closing

  @Test func noDigestUnderAClosedKeyStays() throws {
    try list(["a", "lost"])
    try vault.remove([key("lost", 1)])
    try takeKey()
    #expect(try round(roster())?.moved == 1)
    try sign()
    let closes = Day.of(milliseconds: Self.now)
    func expire(on day: UInt32) throws -> Expiry.Step {
      var expiry = try Expiry(
        of: home.coalition, in: ledger, roster: roster(closing: closes), now: UInt64(day) * Self.day)
      return try expiry.step(in: ledger)
    }
    #expect(try expire(on: closes - 1) == .finished(removed: 0, unconfirmed: 0, left: 0))
    #expect(try expire(on: closes) == .finished(removed: 0, unconfirmed: 1, left: 0), "by this clock alone")
    let no = try #require(CoalitionID("no"))
    let peer = Author(coalition: no, epoch: 1, key: try SigningKey(seed: [UInt8](repeating: 1, count: 32)))
    let receipt = try peer.receipt(
      alliance: membership.alliance, number: 1, signedAt: UInt64(closes) * Self.day, entries: [])
    try ledger.write { try $0.save(StoredReceipt(receipt: receipt, firstSeen: Self.now)) }
    #expect(try expire(on: closes) == .finished(removed: 1, unconfirmed: 0, left: 0))
    #expect(try expire(on: closes) == .finished(removed: 0, unconfirmed: 0, left: 0), "on its way")
    try sign()
    #expect(try listing("a", 2)?.previousDigest.isEmpty == true && count() == 2)
    let moved = try #require(try key("a", 1).digest)
    #expect(try ledger.view { try $0.statements(on: moved) } == [])
    #expect(try listing("lost", 1) != nil, "what could not move is left for its operator to see")
    let keys = try home.openHashKeys(on: closes, roster: roster(closing: closes))
    #expect(keys.functions.map(\.keyEpoch) == [2] && keys.epochs == [2])
  }

  /// A node that was off while the key closed moves its listings all the same.
  @Test func whoComesLateMovesFromAClosedKey() throws {
    try list(["a"])
    try takeKey()
    #expect(try round(roster(closing: Day.of(milliseconds: Self.now)))?.moved == 1)
    try sign()
    #expect(try listing("a", 2)?.previousKeyEpoch == 1 && count() == 1)
  }
}
