public import Signing

/// One live statement with its key and salt, as it lies in a position.
public struct Row: Sendable, Hashable {
  /// Bytes of a salt.
  public static let saltBytes = 16

  public let key: StatementKey
  public let salt: [UInt8]
  public let statement: [UInt8]

  public init(key: StatementKey, salt: [UInt8], statement: [UInt8]) {
    self.key = key
    self.salt = salt
    self.statement = statement
  }

  /// SHA-256(0x00 ‖ key ‖ salt ‖ statement). The salt goes with the statement, so that nothing that stays behind can be
  /// tested against a guess.
  public var leaf: ObjectHash { ObjectHash(sha256: [0], key.bytes, salt, statement) }

  /// What this row adds to a position's live bytes.
  public var liveBytes: UInt64 { UInt64(Limits.rowOverheadBytes + statement.count) }
}
