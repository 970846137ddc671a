internal import Alliance
internal import Ledger
internal import Signing
internal import SwiftProtobuf
internal import Wire

extension FuzzTarget {
  /// Signed objects and what they name: kept as the bytes that came, or refused.
  func readObject(_ bytes: [UInt8]) throws {
    if self == .delta { return try readDelta(bytes) }
    if self == .sealedKey {
      guard let wire = try? WireSealedHashKey(serializedBytes: bytes), let key = SealedHashKey(wire) else { return }
      try BrokenPromise.check(SealedHashKey(key.wire) == key, "a sealed key is read as it was written")
      return
    }
    guard let wire = try? WireSigned(serializedBytes: bytes) else { return }
    let type: SignedType =
      switch self {
      case .record: .record
      case .roster: .roster
      case .receipt: .receipt
      default: .head
      }
    let signed = SignedObject(type: type, wire: wire)
    let kept: SignedObject?
    switch self {
    case .record:
      let record = try? MemberRecord(signed)
      if let record {
        try BrokenPromise.check(
          signed.isSigned(by: record.identityKey), "a record that is taken is signed by its identity key")
      }
      kept = record?.signed
    case .roster:
      let roster = try? Roster(signed)
      if let roster {
        try BrokenPromise.check(roster.coalitions == Set(roster.coalitions).sorted(), "members are sorted, each once")
      }
      kept = roster?.signed
    case .receipt: kept = (try? Receipt(signed))?.signed
    default: kept = (try? Head(signed))?.signed
    }
    if let kept {
      try BrokenPromise.check(
        kept.body == Array(wire.body) && kept.hash == type.hash(of: kept.body), "a body is kept as it came")
    }
  }

  private func readDelta(_ bytes: [UInt8]) throws {
    guard let delta = try? Delta(bytes: bytes) else { return }
    try BrokenPromise.check(delta.bytes == bytes, "a delta is kept as it came")
    let keys = delta.changes.map(\.key)
    try BrokenPromise.check(Set(keys).count == keys.count, "a delta changes a key once")
    try BrokenPromise.check(keys.count <= Limits.deltaChanges, "a delta has its limit")
  }
}
