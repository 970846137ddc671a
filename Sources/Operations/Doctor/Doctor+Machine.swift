internal import Alliance
internal import Foundation
internal import Glibc
internal import Ledger
internal import Replication
internal import Store
internal import Wire

/// What the machine gives a node.
extension Doctor {
  /// Nobody but the owner may read keys or stores.
  func permissions() -> Finding {
    let name = "permissions"
    let files = FileManager.default
    guard let paths = files.enumerator(atPath: folder.path)?.allObjects as? [String] else {
      return Finding(name, .broken, "the folder \(folder.path) cannot be read", next: "check --home and its owner")
    }
    var (open, foreign): ([String], [String]) = ([], [])
    for path in ["."] + paths {
      guard let attributes = try? files.attributesOfItem(atPath: folder.path + "/" + path) else { continue }
      if (attributes[.ownerAccountID] as? NSNumber)?.uint32Value != geteuid() { foreign.append(path) }
      let mayShow = (folder.path + "/" + path) == folder.card || path.hasSuffix(".sock")
      if !mayShow, ((attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0) & 0o077 != 0 { open.append(path) }
    }
    if !open.isEmpty {
      return Finding(
        name, .broken, "others may read \(Self.some(open))", next: "chmod -R go-rwx \(folder.path)")
    }
    if !foreign.isEmpty {
      return Finding(
        name, .attention, "another user owns \(Self.some(foreign))",
        next: "run vaka as the user who runs the node, or chown -R to that user")
    }
    return .good(name, "only the owner can read \(folder.path)")
  }

  private static func some(_ paths: [String]) -> String {
    let shown = paths.sorted().prefix(3).joined(separator: ", ")
    return paths.count > 3 ? "\(shown) and \(paths.count - 3) more" : shown
  }

  /// Room for the stores to be written anew, as a copy of every position in the worst case is.
  func disk() -> Finding {
    let name = "disk"
    var volume = statvfs()
    guard statvfs(folder.path, &volume) == 0 else {
      return Finding(name, .broken, "free space of \(folder.path) cannot be read", next: "check --home")
    }
    let free = UInt64(volume.f_bavail) * UInt64(volume.f_frsize)
    let attributes = try? FileManager.default.attributesOfItem(atPath: folder.ledger)
    let ledger = (attributes?[.size] as? UInt64) ?? 0
    let mebibytes = free >> 20
    let text = "\(mebibytes) MiB free, the ledger takes \(ledger >> 20) MiB"
    if mebibytes < 128 || (volume.f_files > 0 && volume.f_favail < 64) {
      return Finding(name, .broken, text, next: "free space now: nothing can be listed or received without it")
    }
    if mebibytes < 1_024 || free < 2 * ledger {
      return Finding(name, .attention, text, next: "give the node twice the ledger and at least 1 GiB")
    }
    return .good(name, text)
  }

  /// Against our own last signature and what peers last signed.
  func clock(_ home: NodeHome?) -> Finding {
    let name = "clock"
    let next = "set the clock, and run a time service such as systemd-timesyncd or chrony"
    let milliseconds = Moment.milliseconds(now)
    guard let home, let ledger = try? LedgerStore.openReadOnly(home.folder.ledger) else {
      return .good(name, "nothing to compare it with yet")
    }
    defer { try? ledger.close() }
    let signed = (try? ledger.view { try $0.position(of: home.coalition).signedAt }) ?? 0
    if signed > milliseconds + Self.clockSlack {
      let behind = Self.seconds(signed - milliseconds)
      return Finding(name, .attention, "\(behind) behind our own last signature", next: next)
    }
    let receipts = ((try? ledger.view { try $0.receipts() }) ?? []).filter { $0.receipt.coalition != home.coalition }
    // A receipt may lie a while before it reaches us, so only one from the future speaks against our clock.
    let ahead = receipts.map { stored in
      stored.receipt.signedAt > stored.firstSeen ? stored.receipt.signedAt - stored.firstSeen : 0
    }
    if let most = ahead.max(), most > Self.clockSlack {
      return Finding(name, .attention, "a peer's clock is \(Self.seconds(most)) ahead of ours", next: next)
    }
    let peers = receipts.count == 1 ? "1 peer" : "\(receipts.count) peers"
    return .good(
      name, receipts.isEmpty ? "no peer's clock to compare it with yet" : "not behind the clocks of \(peers)")
  }

  /// Milliseconds that clocks may differ before it is worth a word.
  private static var clockSlack: UInt64 { 60_000 }

  private static func seconds(_ milliseconds: UInt64) -> String { "\(milliseconds / 1_000) s" }
}
