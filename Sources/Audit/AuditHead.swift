public import Signing

/// Where a log ends: the number and hash of its last entry. Who keeps it can tell later whether anything before was changed.
public struct AuditHead: Sendable, Hashable {
  public let number: UInt64
  public let hash: ObjectHash

  public init(number: UInt64, hash: ObjectHash) {
    self.number = number
    self.hash = hash
  }

  /// Of a log without entries.
  public static let empty = AuditHead(number: 0, hash: AuditEntry.nothingBefore)
}
