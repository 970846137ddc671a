internal import Audit
internal import Store

extension Doctor {
  /// Whether the log of acts is whole, from its first entry or checkpoint to its end.
  func audit(_ home: NodeHome) -> Finding {
    do {
      guard let store = try AuditStore.openReadOnly(folder.audit) else {
        return Finding(
          "audit log", .attention, "there is none yet; it begins with the next act",
          next: "if there was one, find out who took it away")
      }
      try? store.close()
      let log = try VerifyAudit.run(home, expecting: nil)
      if let fault = log.fault {
        return Finding(
          "audit log", .broken, "the chain breaks at entry \(fault.number): \(fault.what)",
          next: "keep the file, find out who changed it; vaka audit verify")
      }
      return .good("audit log", "\(log.entries) entries, chain whole, head \(log.head.prefix(16))")
    } catch {
      return .broken("audit log", error)
    }
  }
}
