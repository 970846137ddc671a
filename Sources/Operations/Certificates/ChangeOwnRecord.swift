internal import Alliance
internal import Wire

/// `vaka alliance record change`: endpoints, contact and last day, in the next record.
public struct ChangeOwnRecord: Sendable, Codable {
  public let record: UInt32

  /// - Parameters:
  ///   - endpoints: nil: as they were; empty: nobody can dial us.
  ///   - expires: UTC day since 1970; 0: never.
  /// - Throws: `Problem` `bad-endpoint`, `record-malformed`, or as `ChangeRecord`.
  public static func run(
    _ home: NodeHome, endpoints: [String]?, contact: String?, expires: UInt32?, identityKey: String?,
    passphrase: String,
    anyway: Bool
  ) throws -> ChangeOwnRecord {
    for endpoint in endpoints ?? [] { _ = try Endpoint.parse(endpoint) }
    var change = RecordChange(endpoints: endpoints)
    (change.contact, change.expires) = (contact, expires)
    let next = try ChangeRecord(home, anyway: anyway).run(change, identityKey: identityKey, passphrase: passphrase)
    return ChangeOwnRecord(record: next.number)
  }
}
