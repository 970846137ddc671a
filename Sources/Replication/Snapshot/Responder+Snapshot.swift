internal import FoundationEssentials
internal import Ledger
internal import Signing
internal import Wire

extension Responder {
  /// Bytes of rows in a page: half of what a page may have, because a reader holds two of them at once.
  private static let snapshotBytes = Limits.pageBytes / 2

  /// One page of a position, read at the newest head held, which must not be older than the one named.
  func snapshot(
    of coalition: CoalitionID, atLeast: ObjectHash?, after key: StatementKey?, bucket: UInt8?,
    _ reader: any LedgerReading
  ) throws -> Reply {
    guard let head = try reader.signedHead(of: coalition) else {
      return notFound("there is no head of \(coalition) here")
    }
    if let atLeast, atLeast != head.reference.hash, try !reader.holds(atLeast, of: coalition) {
      return notFound("the head that the snapshot began at is not held here")
    }
    let (rows, more) = try reader.rows(of: coalition, after: key, bucket: bucket, maximumBytes: Self.snapshotBytes)
    var page = WireSnapshotPage()
    page.head = head.signed.wire
    page.rows = rows.map { row in
      var change = WireChange()
      change.key = Data(row.key.bytes)
      change.salt = Data(row.salt)
      change.statement = Data(row.statement)
      return change
    }
    page.more = more
    return .message(page)
  }

  func buckets(of coalition: CoalitionID, _ reader: any LedgerReading) throws -> Reply {
    guard let head = try reader.signedHead(of: coalition) else {
      return notFound("there is no head of \(coalition) here")
    }
    var digests = BucketDigests()
    var after: StatementKey?
    var more = true
    while more {
      let page = try reader.rows(of: coalition, after: after, bucket: nil, maximumBytes: Limits.pageBytes)
      for row in page.rows { try digests.add(row) }
      (after, more) = (page.rows.last?.key, page.more)
    }
    var buckets = WireBuckets()
    buckets.head = head.signed.wire
    buckets.digests = digests.hashes.map { Data($0.bytes) }
    return .message(buckets)
  }
}
