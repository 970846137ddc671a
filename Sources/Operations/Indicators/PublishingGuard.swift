internal import Indicators
internal import Verdicts
internal import Wire

/// Whether an identifier may be published, for the first time or again: the one place where guards stand before
/// publishing.
struct PublishingGuard: Sendable {
  private let guards: Guards
  private let remembered: RememberedRate?

  /// - Parameter now: milliseconds since 1970.
  init(_ home: NodeHome, now: UInt64) throws {
    guards = try Guards(home, today: Day.of(milliseconds: now))
    remembered = try RememberedRate(home.folder, by: PolicyFile.read(home.folder).hitRate, now: now)
  }

  /// - Parameter digests: of the identifier, one for each open hash key.
  /// - Throws: `Problem` `never-list`, `public-suffix` or `matches-too-much`.
  func check(_ indicator: Indicator, digests: [IndicatorDigest]) throws {
    try guards.check(indicator)
    for digest in digests {
      guard let finding = try guards.held[digest] ?? remembered?.hold(digest) else { continue }
      throw Self.tooMuch(finding, digest)
    }
  }

  /// The same where only the digest is known: an entry protects its own identifier then, and not what it covers.
  /// - Throws: `Problem` `never-list` or `matches-too-much`.
  func check(_ digest: IndicatorDigest) throws {
    guard let finding = try guards.finding(on: digest) ?? remembered?.hold(digest) else { return }
    if case .neverList = finding {
      throw Problem(
        "never-list", "the never-list protects it: \(GuardNote(finding).text)", object: Reference.of(digest),
        next: "withdraw it; if the entry is wrong, or a court says so: vaka guard allow")
    }
    throw Self.tooMuch(finding, digest)
  }

  private static func tooMuch(_ finding: GuardFinding, _ digest: IndicatorDigest) -> Problem {
    Problem(
      "matches-too-much", GuardNote(finding).text, object: "identifier",
      next: "vaka guard release \(Reference.of(digest)), if it is one seller's all the same")
  }
}
