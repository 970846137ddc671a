internal import Audit
internal import Foundation
internal import Keys
internal import Ledger
internal import Signing
public import Store
public import Wire

/// `vaka backup`: everything that a node is, but for what makes it sign, as a folder that is there whole or not at all.
public struct Backup: Sendable, Codable {
  public let folder: String
  public let coalition: CoalitionID
  public let madeAt: String
  public let files: Int
  public let bytes: Int
  public let statements: Int
  /// Our newest head in it; nil before the first.
  public let ownHead: String?
  public let hasIdentityKey: Bool

  /// - Parameters:
  ///   - destination: must not be there.
  ///   - withIdentity: whether the identity key goes in too; else it stays where it is.
  ///   - now: milliseconds since 1970.
  /// - Throws: `Problem` `backup-exists`, `backup-bad`, or what the file system and the stores say; nothing stays
  /// behind then.
  public static func run(
    _ home: NodeHome, to destination: String, withIdentity: Bool, now: UInt64
  ) throws -> Backup {
    guard !DurableFile.exists(destination) else {
      throw Problem(
        "backup-exists", "something of this name is there; nothing was changed", object: destination,
        next: "name a folder that is not there yet")
    }
    let unfinished = NodeFolder(destination + ".unfinished")
    try? FileManager.default.removeItem(atPath: unfinished.path)
    let audit = AuditTrail(home.folder)
    let written = try audit.write(
      AuditNote(.backupMade, on: destination, after: withIdentity ? "with the identity key" : ""))
    do {
      try unfinished.create()
      // The ledger first: a listing in it has its plaintext in the vault by then.
      try LedgerStore.copy(home.folder.ledger, to: unfinished.ledger)
      try VaultStore.copy(home.folder.vault, to: unfinished.vault)
      if DurableFile.exists(home.folder.screening) {
        try ScreeningStore.copy(home.folder.screening, to: unfinished.screening)
      }
      try AuditStore.copy(home.folder.audit, to: unfinished.audit)
      for name in try smallFiles(of: home.folder, withIdentity: withIdentity) {
        let from = "\(home.folder.path)/\(name)"
        try DurableFile.write(DurableFile.read(from, noun: "file", atMost: 64 << 20), to: "\(unfinished.path)/\(name)")
      }
      let backup = try BackupManifest.write(in: unfinished, of: home.coalition, now: now)
      let found = try BackupManifest.check(unfinished)
      // The last act: until here the name is not there.
      try FileManager.default.moveItem(atPath: unfinished.path, toPath: destination)
      return Backup(
        folder: destination, coalition: home.coalition, madeAt: backup.madeAt, files: backup.files.count,
        bytes: backup.files.reduce(0) { $0 + $1.bytes }, statements: found.statements, ownHead: found.ownHead,
        hasIdentityKey: withIdentity && DurableFile.exists(home.folder.identityKey))
    } catch {
      try? FileManager.default.removeItem(atPath: unfinished.path)
      try audit.notDone(written, error)
      throw error
    }
  }

  /// The files beside the stores that a node needs. Never the sign mark, the lease or the socket: with a mark a copy
  /// would
  /// believe that it knows what was signed last.
  private static func smallFiles(of folder: NodeFolder, withIdentity: Bool) throws -> [String] {
    let names = [
      "node.json", "card.pem", "alliance.pem", "founding.pem", "policy.json", "never-list.csv",
      "never-list-allowed.json",
    ].filter { DurableFile.exists("\(folder.path)/\($0)") }
    let below = try ["keys", "tls"].flatMap { part in
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(part)").sorted()
        .filter { !$0.hasSuffix(".new") }.map { "\(part)/\($0)" }
    }
    let identity = withIdentity && DurableFile.exists(folder.identityKey) ? ["identity.key"] : []
    return names + below + identity
  }
}

/// `vaka restore`: puts a backup in the place of a home that is not there.
public struct RestoreBackup: Sendable, Codable {
  public let home: String
  public let coalition: CoalitionID
  public let madeAt: String
  public let statements: Int
  public let ownHead: String?

  /// - Throws: `Problem` `backup-bad`, `home-taken`, or what the file system says; the home is then as it was.
  public static func run(_ backup: String, to home: NodeFolder) throws -> RestoreBackup {
    let files = FileManager.default
    let present = try? files.contentsOfDirectory(atPath: home.path)
    guard present?.isEmpty ?? !DurableFile.exists(home.path) else {
      throw Problem(
        "home-taken", "there is something in this folder; nothing was changed", object: home.path,
        next: "name a folder that is not there, or an empty one, with --home")
    }
    _ = try BackupManifest.check(NodeFolder(backup))
    let unfinished = NodeFolder(home.path + ".unfinished")
    try? files.removeItem(atPath: unfinished.path)
    do {
      let manifest = try BackupManifest.read(backup)
      try unfinished.create()
      for file in manifest.files {
        let to = "\(unfinished.path)/\(file.name)"
        try files.copyItem(atPath: "\(backup)/\(file.name)", toPath: to)
        try files.setAttributes([.posixPermissions: file.name == "card.pem" ? 0o644 : 0o600], ofItemAtPath: to)
      }
      let found = try BackupManifest.check(unfinished, by: manifest)
      // The log goes on from what the backup holds of it.
      try AuditTrail(unfinished).write(
        AuditNote(
          .backupRestored, on: "backup of \(manifest.madeAt)",
          after: found.ownHead.map { "head \($0)" } ?? "nothing signed", count: found.statements))
      if present != nil { try files.removeItem(atPath: home.path) }
      try files.moveItem(atPath: unfinished.path, toPath: home.path)
      return RestoreBackup(
        home: home.path, coalition: manifest.coalition, madeAt: manifest.madeAt, statements: found.statements,
        ownHead: found.ownHead)
    } catch {
      try? files.removeItem(atPath: unfinished.path)
      throw error
    }
  }
}
