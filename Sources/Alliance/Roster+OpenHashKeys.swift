extension HashKeyCommitment {
  /// Whether the key holds on a day, in UTC days since 1970: it closes when its day begins.
  public func isOpen(on day: UInt32) -> Bool { closes == 0 || closes > day }
}

extension Roster {
  /// The epochs of the hash keys that hold on a day, oldest first: what matches, and under which a statement may be found.
  public func openHashKeys(on day: UInt32) -> [UInt32] { hashKeys.filter { $0.isOpen(on: day) }.map(\.keyEpoch) }
}
