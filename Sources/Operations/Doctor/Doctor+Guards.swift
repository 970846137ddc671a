internal import Protected

extension Doctor {
  /// Whether the never-lists can be read: without them nothing is listed or screened.
  func guards() -> Finding {
    do {
      let own = try OwnNeverList.read(folder).entries.count
      let allowed = try AllowedIdentifiers(folder).all.count
      let shipped = NeverList.shipped.entries.count
      return .good("guards", "\(shipped) entries shipped, \(own) of our own, \(allowed) allowed")
    } catch {
      return .broken("guards", error)
    }
  }
}
