public import Signing

/// One thing that an entry is about, by its reference: kept beside the entry, which holds only a salted hash over all of them,
/// so that a name can be forgotten, as an erasure demands, and the chain still proves everything else.
public struct AuditName: Sendable, Hashable {
  public static let saltBytes = 16
  /// An entry that is about more things counts them and names none.
  public static let most = 64

  /// Nil once it is forgotten.
  public let plain: Plain?
  public let hash: ObjectHash

  public struct Plain: Sendable, Hashable {
    public let salt: [UInt8]
    public let reference: String
  }

  public init(salt: [UInt8], reference: String) {
    plain = Plain(salt: salt, reference: reference)
    hash = ObjectHash(sha256: salt, Array(reference.utf8))
  }

  /// A name that was forgotten.
  public init(forgotten hash: ObjectHash) { (plain, self.hash) = (nil, hash) }

  /// What an entry holds of its names: empty for none, else a hash over their hashes in order.
  static func commitment(_ names: [AuditName]) -> String {
    names.isEmpty ? "" : ObjectHash(sha256: names.flatMap(\.hash.bytes)).hex
  }
}
