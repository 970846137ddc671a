/// One indicator on its way out: its digest and what is said of it; its plaintext only where that is asked for and ours.
public struct ExportedIndicator: Sendable, Hashable {
  /// The merged view: what follows from all coalitions' statements under the policy in force.
  public struct Verdict: Sendable, Hashable {
    public var status: String
    public var ceiling: String
    public var policy: String
    public var coalitions: [String]
    public var reasons: [String]
    public var disputedBy: [String]

    public init(
      status: String, ceiling: String, policy: String, coalitions: [String], reasons: [String], disputedBy: [String]
    ) {
      self.status = status
      self.ceiling = ceiling
      self.policy = policy
      self.coalitions = coalitions
      self.reasons = reasons
      self.disputedBy = disputedBy
    }
  }

  /// The name of its type, such as `iban`.
  public var typeName: String
  /// The chain, country or wallet that it is scoped to, known only with the plaintext; otherwise empty.
  public var scheme = ""
  /// Lower-case hexadecimal.
  public var digest: String
  public var keyEpoch: UInt32
  public var normaliser: UInt32
  /// The canonical form.
  public var value: String?
  /// What is said of it; `valid-from`, `valid-until` and `handling` are always there.
  public var fields: [ListingField: String]
  public var verdict: Verdict?

  public init(typeName: String, digest: String, keyEpoch: UInt32, normaliser: UInt32, fields: [ListingField: String]) {
    self.typeName = typeName
    self.digest = digest
    self.keyEpoch = keyEpoch
    self.normaliser = normaliser
    self.fields = fields
  }

  /// HMAC with SHA-256 (RFC 2104) under the alliance's key of the epoch, by the first suite of the protocol.
  static let algorithm = "hmac-sha-256"

  /// How people name it.
  var reference: String { String(digest.prefix(16)) }
}

/// Of what an export is, and when.
public struct ExportScope: Sendable, Hashable {
  /// Whether it is the merged view of all coalitions, or one coalition's own listings.
  public var isMerged: Bool
  /// The alliance's id, in hexadecimal.
  public var alliance: String
  /// The coalition that exports, such as `se`, and its name.
  public var coalition: String
  public var name: String
  /// When what is exported last changed, milliseconds since 1970.
  public var updated: UInt64

  public init(isMerged: Bool, alliance: String, coalition: String, name: String, updated: UInt64) {
    self.isMerged = isMerged
    self.alliance = alliance
    self.coalition = coalition
    self.name = name
    self.updated = updated
  }

  /// The UUID of something of this export's.
  func uuid(_ kind: String, _ name: String = "") -> String {
    NameUUID.text("\(kind)|\(alliance)|\(coalition)|\(isMerged ? "merged" : "ours")|\(name)")
  }

  /// The coalition's own, the same in every export.
  var identity: String { NameUUID.text("identity|\(alliance)|\(coalition)") }

  var title: String {
    isMerged
      ? "Payment indicators of the alliance, merged by \(coalition)" : "Payment indicators listed by \(coalition)"
  }

  /// The day of the last change.
  var updatedDay: Int { Int(updated / 86_400_000) }
}

/// A form of file into which indicators are written one by one, so that their number does not matter.
public protocol ExchangeWriting {
  /// What stands before the first indicator.
  mutating func begin() throws -> [UInt8]
  mutating func write(_ one: ExportedIndicator) throws -> [UInt8]
  /// What stands after the last.
  mutating func end() throws -> [UInt8]
}
