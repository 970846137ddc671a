internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
internal import Wire

/// One change of a position.
public enum Change: Sendable, Hashable {
  case put(Row)
  case remove(StatementKey)

  public var key: StatementKey {
    switch self {
    case .put(let row): row.key
    case .remove(let key): key
    }
  }

  /// What the change adds to an encoded delta: its fields with their tags and lengths.
  public var encodedBytes: Int {
    let content =
      switch self {
      case .put(let row): 35 + 18 + 1 + lengthBytes(row.statement.count) + row.statement.count
      case .remove: 35
      }
    return 1 + lengthBytes(content) + content
  }

  private func lengthBytes(_ count: Int) -> Int { count < 128 ? 1 : count < 16_384 ? 2 : 3 }
}

/// The changes between two consecutive heads, kept as the bytes that the head names.
public struct Delta: Sendable, Hashable {
  public static let nonceBytes = 16

  public let bytes: [UInt8]
  public let changes: [Change]
  public let hash: ObjectHash

  /// Encodes changes under a nonce of 16 random bytes.
  /// - Throws: `Fault.coalition` if the changes break the limits that a reader will check.
  public init(nonce: [UInt8], changes: [Change]) throws {
    var wire = WireDelta()
    wire.nonce = Data(nonce)
    wire.changes = changes.map { change in
      var wire = WireChange()
      wire.key = Data(change.key.bytes)
      if case .put(let row) = change {
        wire.salt = Data(row.salt)
        wire.statement = Data(row.statement)
      }
      return wire
    }
    try self.init(bytes: try wire.serializedBytes())
  }

  /// Reads the bytes of a delta that a signed head names, so whatever is wrong with them is the coalition's fault.
  /// - Throws: `Fault.coalition` with code `delta-undecodable`, `delta-too-large`, `delta-malformed` or `delta-key-twice`.
  public init(bytes: [UInt8]) throws {
    guard bytes.count <= Limits.deltaBytes else {
      throw Self.fault("delta-too-large", "\(bytes.count) bytes; a delta has at most \(Limits.deltaBytes)")
    }
    guard let wire = try? WireDelta(serializedBytes: bytes) else {
      throw Self.fault("delta-undecodable", "the bytes of the delta are not the message they should be")
    }
    guard wire.nonce.count == Self.nonceBytes else {
      throw Self.fault("delta-malformed", "the nonce has \(wire.nonce.count) bytes instead of 16")
    }
    guard wire.changes.count <= Limits.deltaChanges else {
      throw Self.fault("delta-too-large", "\(wire.changes.count) changes; a delta has at most \(Limits.deltaChanges)")
    }
    var seen: Set<StatementKey> = []
    seen.reserveCapacity(wire.changes.count)
    self.bytes = bytes
    changes = try wire.changes.map { wire in
      let change = try Self.change(wire)
      guard seen.insert(change.key).inserted else {
        throw Self.fault("delta-key-twice", "one delta changes a key twice")
      }
      return change
    }
    hash = SignedType.delta.hash(of: bytes)
  }

  private static func change(_ wire: WireChange) throws -> Change {
    guard let key = StatementKey(wire.key) else {
      throw fault("delta-malformed", "a key has \(wire.key.count) bytes instead of \(StatementKey.byteCount)")
    }
    if wire.salt.isEmpty {
      guard wire.statement.isEmpty else { throw fault("delta-malformed", "a statement without a salt") }
      return .remove(key)
    }
    guard wire.salt.count == Row.saltBytes else {
      throw fault("delta-malformed", "a salt has \(wire.salt.count) bytes instead of \(Row.saltBytes)")
    }
    let most = Limits.bytes(of: key)
    guard wire.statement.count <= most else {
      throw fault("statement-too-large", "a statement has \(wire.statement.count) bytes, at most \(most) are allowed")
    }
    return .put(Row(key: key, salt: Array(wire.salt), statement: Array(wire.statement)))
  }

  private static func fault(_ code: String, _ what: String) -> Fault { .coalition(Problem(code, what)) }
}

extension Delta {
  /// Reads the delta of a head, held to what the head says of it.
  /// - Throws: `Fault.link` `delta-hash`; `Fault.coalition` `delta-size`, `delta-count`, and what `init(bytes:)` throws.
  public init(_ bytes: [UInt8], of claims: HeadClaims, named name: String) throws {
    guard SignedType.delta.hash(of: bytes) == claims.deltaHash || planted(.deltaNotChecked) else {
      throw Fault.link(Problem("delta-hash", "the delta is not the one that the head names", object: name))
    }
    func broken(_ code: String, _ what: String) -> Fault { .coalition(Problem(code, what, object: name)) }
    guard bytes.count == Int(claims.deltaBytes) else {
      throw broken("delta-size", "the delta has another size than the head says")
    }
    try self.init(bytes: bytes)
    guard changes.count == Int(claims.deltaChanges) else {
      throw broken("delta-count", "the delta has another number of changes than the head says")
    }
  }
}
