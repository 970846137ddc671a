internal import Alliance
public import Audit
internal import Foundation
internal import Keys
public import Store
public import Wire

/// Where every act is written down before it is done. What cannot be written down is refused.
///
/// A command makes one for its home; the running node keeps one open and takes it on in the name of each caller.
public struct AuditTrail: Sendable {
  private let folder: NodeFolder
  private let actor: AuditActor
  /// Kept open by the node; a command opens the file for each of its few entries.
  private let open: AuditStore?

  /// A command's own.
  public init(_ folder: NodeFolder) { self.init(folder, by: .command(), open: nil) }

  private init(_ folder: NodeFolder, by actor: AuditActor, open: AuditStore?) {
    self.folder = folder
    self.actor = actor
    self.open = open
  }

  /// The node's own, kept open.
  /// - Throws: `Problem` `audit-unwritable`.
  public static func ofNode(_ folder: NodeFolder) throws(Problem) -> AuditTrail {
    do {
      return AuditTrail(folder, by: .node(), open: try AuditStore.open(folder.audit))
    } catch {
      throw unwritable(error, folder)
    }
  }

  /// The same log in the name of another.
  public func by(_ actor: AuditActor) -> AuditTrail { AuditTrail(folder, by: actor, open: open) }

  /// Writes one entry; it is durable when this returns.
  /// - Parameter forgetting: references that the act erases.
  /// - Throws: `Problem` `audit-unwritable`: the act must then not be done.
  @discardableResult
  public func write(_ note: AuditNote, forgetting: [String] = []) throws(Problem) -> UInt64 {
    do {
      let store = try open ?? AuditStore.open(folder.audit)
      defer { if open == nil { try? store.close() } }
      let references = note.references.count <= AuditName.most ? note.references : []
      let names = references.map { AuditName(salt: FreshKeys.bytes(AuditName.saltBytes), reference: $0) }
      return try store.append(
        note, names: names, by: actor, at: Moment.milliseconds(), beginning: beginning,
        forgetting: forgetting
      ).number
    } catch {
      throw Self.unwritable(error, folder)
    }
  }

  /// Writes an act down and then does it; if it fails, a second entry says so.
  public func during<Result>(_ note: AuditNote, _ act: () throws -> Result) throws -> Result {
    let number = try write(note)
    do {
      return try act()
    } catch {
      try notDone(number, error)
      throw error
    }
  }

  /// Says of an entry that its act failed.
  public func notDone(_ number: UInt64, _ error: any Error) throws(Problem) {
    try write(AuditNote(.notDone, on: "entry \(number)", after: (error as? Problem)?.code ?? "internal"))
  }

  /// The end of the log; nil if there is none yet.
  public func head() throws -> AuditHead? {
    if let open { return try open.head() }
    let store = try AuditStore.openReadOnly(folder.audit)
    defer { try? store?.close() }
    return try store?.head()
  }

  public func close() { try? open?.close() }

  /// Whose log it is.
  private var beginning: AuditNote {
    guard let home = try? NodeHome(folder) else { return AuditNote(.auditBegun) }
    return AuditNote(.auditBegun, on: "\(home.coalition)", after: "identity \(home.card.record.fingerprint)")
  }

  private static func unwritable(_ error: any Error, _ folder: NodeFolder) -> Problem {
    let problem = error as? Problem
    return Problem(
      "audit-unwritable",
      "the audit log cannot be written, so nothing was done: \(problem?.what ?? "\(error)")", object: folder.audit,
      next: problem?.next
        ?? "check the file, its owner and the free space; a damaged log is kept and moved away, and a new one begins")
  }
}
