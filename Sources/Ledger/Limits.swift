/// The sizes that every node checks before it fetches, stores or signs anything.
public enum Limits {
  /// Changes in one delta.
  public static let deltaChanges = 4_096
  /// Bytes of one encoded delta.
  public static let deltaBytes = 1 << 20
  /// Bytes of one statement.
  public static let statementBytes = 4_096
  /// Bytes of one sealed statement.
  public static let sealedStatementBytes = 65_536
  /// Bytes that a statement under this key may have.
  public static func bytes(of key: StatementKey) -> Int {
    key.facet == .sealed ? sealedStatementBytes : statementBytes
  }
  /// Bytes of one page between peers, and of any single object in it.
  public static let pageBytes = 4 << 20
  /// A delta up to this many bytes travels with its head's announcement.
  public static let inlineDeltaBytes = 16 << 10
  /// Bytes of a signed head, record or receipt with its signatures.
  public static let signedBytes = 256 << 10
  /// Longest wait of one long poll, in seconds.
  public static let longPollSeconds = 30
  /// What every row counts beside its statement: 33 bytes of key and 16 of salt.
  public static let rowOverheadBytes = 49
}
