import Audit
import CertificateBench
import GRDB
import Seeded
import Signing
import Store
import Testing
import Wire

/// Entries follow one another whoever writes them, and what somebody changes with another program is found.
@Suite struct AuditStoreTests {
  private let folder: TemporaryFolder
  private let path: String
  private let actor = AuditActor(via: .command, user: 1, name: "one", login: "")

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("audit.sqlite")
  }

  /// Nine acts on nine days, after the beginning.
  private func filled() throws -> AuditStore {
    let store = try AuditStore.open(path)
    var random = SeededRandom(seed: 1)
    for day in 1...9 as ClosedRange<UInt64> {
      try store.append(
        AuditNote(.indicatorAdded, count: 1), names: [AuditName(salt: random.bytes(16), reference: "name-\(day)-end")],
        by: actor, at: day * 86_400_000)
    }
    return store
  }

  private func reopened() throws -> AuditStore { try #require(try AuditStore.openReadOnly(path)) }

  /// As somebody with another program would.
  private func tamper(_ sql: String) throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
  }

  @Test func beginsOnceAndIsTheOwnersAlone() throws {
    #expect(try AuditStore.openReadOnly(path) == nil)
    let store = try filled()
    #expect(try folder.permissions("audit.sqlite") == 0o600)
    #expect(try store.verify().entries == 10 && store.verify().fault == nil)
    #expect(try store.last(2).map { try AuditEntry(line: $0.line).number } == [9, 10])
    #expect(try AuditEntry(line: store.last(99)[0].line).act == .auditBegun)
  }

  @Test func severalWriteAtOnce() async throws {
    try filled().close()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for writer in 0..<4 as Range<UInt32> {
        tasks.addTask { [path] in
          let store = try AuditStore.open(path)
          for _ in 0..<25 {
            try store.append(
              AuditNote(.peerPaused), by: AuditActor(via: .command, user: writer, name: "", login: ""), at: 1)
          }
        }
      }
      try await tasks.waitForAll()
    }
    let found = try reopened().verify()
    #expect(found.fault == nil && found.entries == 110)
  }

  @Test(arguments: [
    ("UPDATE entries SET line = replace(line, '\"user\":1', '\"user\":2') WHERE number = 5", 5),
    ("UPDATE entries SET hash = zeroblob(32) WHERE number = 5", 5), ("DELETE FROM entries WHERE number = 5", 5),
    ("DELETE FROM entries WHERE number = 10", 10), ("DELETE FROM names WHERE entry = 5", 5),
    ("UPDATE names SET reference = 'another' WHERE entry = 5", 5), ("DELETE FROM entries WHERE number < 3", 1),
    ("UPDATE entries SET number = 99 WHERE number = 10", 10), ("UPDATE entries SET line = x'ff00' WHERE number = 5", 5),
    ("UPDATE head SET number = 12", 11), ("DELETE FROM entries", 1), ("DELETE FROM head", 11),
  ])
  func findsWhatWasChanged(_ sql: String, _ number: UInt64) throws {
    try filled().close()
    // A blob where text belongs is no row of a STRICT table: SQLite itself refuses.
    do { try tamper(sql) } catch { return #expect(sql.contains("x'ff00'")) }
    let fault = try #require(try reopened().verify().fault)
    #expect(fault.number == number, "\(fault.what)")
  }

  @Test func forgetsANameEverywhereAndStaysWhole() throws {
    let store = try filled()
    try store.append(AuditNote(.indicatorsErased, count: 1), by: actor, at: 1, forgetting: ["name-4-end"])
    let found = try store.verify()
    #expect(found.fault == nil && found.forgotten == 1)
    for name in ["audit.sqlite", "audit.sqlite-wal"] {
      let bytes = try String(decoding: folder.bytes(name), as: UTF8.self)
      #expect(!bytes.contains("name-4-end"), "\(name)")
    }
    #expect(try String(decoding: folder.bytes("audit.sqlite"), as: UTF8.self).contains("name-5-end"))
  }

  @Test func prunesToACheckpointAndGoesOn() throws {
    let store = try filled()
    let before = try store.head()
    let key = try SigningKey(seed: [UInt8](repeating: 3, count: 32))
    let end = try #require(try store.end(before: 4 * 86_400_000))
    #expect(end.head.number == 4 && end.entries == 4)
    let checkpoint = try AuditCheckpoint(
      coalition: "se", head: end.head, lastAt: end.at, prunedAt: 1, signedBy: key)
    try store.prune(to: checkpoint)
    #expect(try store.checkpoint() == checkpoint && store.head() == before)
    var found = try store.verify(expecting: end.head.hash)
    #expect(found.fault == nil && found.entries == 6 && found.expectedAt == 4)
    #expect(throws: Problem.self, "entries that are gone") { try store.prune(to: checkpoint) }
    try store.append(AuditNote(.peerPaused), by: actor, at: 99)
    let all = try #require(try store.end(before: .max))
    try store.prune(
      to: AuditCheckpoint(coalition: "se", head: all.head, lastAt: all.at, prunedAt: 2, signedBy: key))
    found = try store.verify()
    #expect(found.fault == nil && found.entries == 0)
    try store.append(AuditNote(.peerPaused), by: actor, at: 100)
    #expect(try store.verify().fault == nil && store.head().number == 12)
    try store.close()
    try tamper("DELETE FROM checkpoint")
    #expect(try reopened().verify().fault?.number == 1)
  }
}
