internal import Alliance
public import Audit
internal import Foundation
internal import Keys
internal import Signing
internal import Store
internal import Wire

/// `vaka audit verify`: whether the chain of entries is whole, and where it breaks if it is not.
public struct VerifyAudit: Sendable, Codable {
  /// What stands in place of pruned entries.
  public struct Checkpoint: Sendable, Codable {
    public let coalition: String
    public let through: UInt64
    public let head: String
    public let lastAt: String
    public let prunedAt: String
    /// The signing key's id: whose it is stands in its coalition's member records.
    public let key: String

    init(_ checkpoint: AuditCheckpoint) {
      coalition = checkpoint.coalition
      through = checkpoint.head.number
      head = checkpoint.head.hash.hex
      lastAt = Moment.text(checkpoint.lastAt)
      prunedAt = Moment.text(checkpoint.prunedAt)
      key = Hexadecimal.encode(checkpoint.key.keyID)
    }
  }

  public let entries: UInt64
  /// The numbers of the first and the last entry; absent without any.
  public let first: UInt64?
  public let last: UInt64?
  public let firstHash: String?
  /// The hash of the last entry that is good.
  public let head: String
  public let checkpoint: Checkpoint?
  /// References that erasures took away.
  public let forgotten: Int
  /// The entry with the hash that was expected.
  public let expectedAt: UInt64?
  /// Where the chain breaks; absent if it is whole.
  public let fault: AuditVerification.Fault?

  init(_ found: AuditVerification, _ checkpoint: AuditCheckpoint?) {
    entries = found.entries
    first = found.first?.head.number
    last = found.first == nil ? nil : found.head.number
    firstHash = found.first?.head.hash.hex
    head = found.head.hash.hex
    self.checkpoint = checkpoint.map(Checkpoint.init)
    forgotten = found.forgotten
    expectedAt = found.expectedAt
    fault = found.fault
  }

  /// The log of this home.
  /// - Parameter expected: the hash of an entry, or of a head, that was noted earlier.
  /// - Throws: `Problem` `audit-missing`, `bad-hash`, or what the store says.
  public static func run(_ home: NodeHome, expecting expected: String?) throws -> VerifyAudit {
    let expected = try expected.map(hash)
    let store = try open(home)
    defer { try? store.close() }
    var found = try store.verify(expecting: expected)
    let checkpoint = try? store.checkpoint()
    if let checkpoint, !keys(of: home).contains(checkpoint.key) {
      found.blame("the checkpoint before it is signed by a key that was never this coalition's")
    }
    return VerifyAudit(found, checkpoint)
  }

  /// An exported file, on any machine.
  /// - Throws: `Problem` `bad-hash`, `file-missing`, `file-not-read` or `file-too-large`.
  public static func run(file: String, expecting expected: String?) throws -> VerifyAudit {
    let expected = try expected.map(hash)
    let bytes = try DurableFile.read(file, noun: "exported audit log", atMost: 1 << 30)
    let (found, checkpoint) = AuditExport.verify(String(decoding: bytes, as: UTF8.self), expecting: expected)
    return VerifyAudit(found, checkpoint)
  }

  static func open(_ home: NodeHome) throws -> AuditStore {
    guard let store = try AuditStore.openReadOnly(home.folder.audit) else {
      throw Problem(
        "audit-missing", "there is no audit log here yet", object: home.folder.audit,
        next: "it begins with the next act; if there was one, find out who took it away")
    }
    return store
  }

  static func keys(of home: NodeHome) -> [VerifyingKey] {
    let record = (try? home.currentMembership())?.record(of: home.coalition) ?? home.card.record
    return record.epochs.map(\.key)
  }

  private static func hash(_ text: String) throws(Problem) -> ObjectHash {
    guard let hash = ObjectHash(hex: text) else {
      throw Problem("bad-hash", "a hash is 64 hexadecimal digits", object: text)
    }
    return hash
  }
}
