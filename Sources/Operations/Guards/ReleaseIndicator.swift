internal import Audit
internal import Indicators
internal import Ledger
public import Store
internal import Wire

/// `vaka guard release`: an indicator that the hit-rate guard holds counts again, however much it matches.
public struct ReleaseIndicator: Sendable, Codable {
  public let reference: String
  public let rows: UInt64
  public let screened: UInt64

  /// - Parameter now: milliseconds since 1970.
  /// - Throws: `Problem` `bad-reference`, `not-held` or `reference-ambiguous`.
  public static func run(_ folder: NodeFolder, reference: String, now: UInt64) throws -> ReleaseIndicator {
    let digits = reference.lowercased()
    guard (Reference.fewestDigits...64).contains(digits.utf8.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit })
    else {
      throw Problem(
        "bad-reference", "a reference is at least \(Reference.fewestDigits) hexadecimal digits of a digest",
        object: reference, next: "vaka guard list shows what is held")
    }
    let held = try HitRate.holds(in: folder).filter { $0.releasedAt == nil && $0.digest.hasPrefix(hex: digits) }
    guard let one = held.first else {
      throw Problem(
        "not-held", "the hit-rate guard holds no such indicator", object: reference,
        next: "vaka guard list shows what is held")
    }
    guard held.count == 1 else {
      throw Problem(
        "reference-ambiguous", "\(held.count) indicators begin so", object: reference, next: "give more digits")
    }
    try AuditTrail(folder).write(
      AuditNote(
        .guardReleased, before: "\(one.rows) rows of \(one.screened) screened", count: 1,
        references: [Reference.of(one.digest)]))
    let log = try ScreeningStore.open(folder.screening)
    defer { try? log.close() }
    _ = try log.release(one.digest, at: now)
    return ReleaseIndicator(reference: Reference.of(one.digest), rows: one.rows, screened: one.screened)
  }
}
