internal import Foundation
internal import Keys
internal import Ledger
internal import Signing
internal import Store
internal import Wire

/// What a backup holds, written beside it, so that a torn or altered one is told before anything stands on it.
struct BackupManifest: Codable {
  struct File: Codable {
    /// Relative to the folder.
    let name: String
    let bytes: Int
    /// SHA-256, hexadecimal.
    let hash: String
  }

  static let name = "backup.json"
  private static let form = 1

  let form: Int
  let coalition: CoalitionID
  let madeAt: String
  let files: [File]

  static func write(in folder: NodeFolder, of coalition: CoalitionID, now: UInt64) throws -> BackupManifest {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder.path)/\(name)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }
    let manifest = BackupManifest(
      form: form, coalition: coalition, madeAt: Moment.text(now), files: try names.map { try file($0, in: folder.path) }
    )
    try DurableFile.write(AnswerFormat.encode(manifest, pretty: true) + [0x0A], to: "\(folder.path)/\(Self.name)")
    return manifest
  }

  static func read(_ folder: String) throws(Problem) -> BackupManifest {
    let manifest: BackupManifest
    do {
      manifest = try AnswerFormat.decode(
        BackupManifest.self,
        from: DurableFile.read("\(folder)/\(name)", noun: "backup's list of files", atMost: 8 << 20))
    } catch {
      throw bad("the folder is no backup of vaka: \(error.what)", folder)
    }
    guard manifest.form == form else { throw bad("a later version of vaka made the backup", folder) }
    // Names come from a file: they stay inside the folder.
    guard manifest.files.allSatisfy({ !$0.name.hasPrefix("/") && !$0.name.split(separator: "/").contains("..") }) else {
      throw bad("a file is named outside the backup", folder)
    }
    return manifest
  }

  /// Whether a backup is whole: every file as it was written, every page of the stores, and the rows of every
  /// coalition what its
  /// head signed.
  /// - Throws: `Problem` `backup-bad`.
  static func check(
    _ folder: NodeFolder, by known: BackupManifest? = nil
  ) throws -> (statements: Int, ownHead: String?) {
    let manifest = try known ?? read(folder.path)
    for expected in manifest.files {
      let found = try file(expected.name, in: folder.path)
      guard found.hash == expected.hash else { throw bad("\(expected.name) is not as it was written", folder.path) }
    }
    // Opening a store leaves nothing beside it: the copies keep no log.
    let ledger = try LedgerStore.openReadOnly(folder.ledger)
    defer { try? ledger.close() }
    let report = try ledger.checkIntegrity()
    if let fault = report.faults.first { throw bad(fault, folder.path) }
    let vault = try VaultStore.openReadOnly(folder.vault)
    defer { try? vault.close() }
    if let fault = try vault.checkIntegrity() { throw bad("vault: \(fault)", folder.path) }
    if let log = try ScreeningStore.openReadOnly(folder.screening) {
      defer { try? log.close() }
      if let fault = try log.checkIntegrity() { throw bad("screening log: \(fault)", folder.path) }
    }
    if let log = try AuditStore.openReadOnly(folder.audit) {
      defer { try? log.close() }
      // Whether its chain is whole is for `audit verify`: a broken one must not keep a node from coming back.
      if let fault = try log.checkIntegrity() { throw bad("audit log: \(fault)", folder.path) }
    }
    let head = try ledger.view { try $0.position(of: manifest.coalition).head }
    return (report.statements, head.map { "\($0.epoch)/\($0.index)" })
  }

  private static func file(_ name: String, in folder: String) throws -> File {
    guard let handle = FileHandle(forReadingAtPath: "\(folder)/\(name)") else {
      throw bad("\(name) is missing", folder)
    }
    defer { try? handle.close() }
    var hash = RunningHash()
    var bytes = 0
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      hash.take(piece)
      bytes += piece.count
    }
    return File(name: name, bytes: bytes, hash: hash.hex)
  }

  private static func bad(_ what: String, _ folder: String) -> Problem {
    Problem("backup-bad", what, object: folder, next: "use another backup; this one is not restored")
  }
}
