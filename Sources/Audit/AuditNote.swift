/// What an operation says of its act; the log adds number, time, actor and the hash of the entry before.
public struct AuditNote: Sendable, Hashable {
  public var act: AuditAct
  /// What it was done to, never an identifier in the clear: a coalition, a roster, a key's fingerprint, a file's hash.
  public var object: String
  public var before: String
  public var after: String
  /// How many things it was done to, where that is counted.
  public var count: Int
  /// References of listings, if they are few.
  public var references: [String]

  public init(
    _ act: AuditAct, on object: String = "", before: String = "", after: String = "", count: Int = 0,
    references: [String] = []
  ) {
    self.act = act
    self.object = object
    self.before = before
    self.after = after
    self.count = count
    self.references = references
  }
}
