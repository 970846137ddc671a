public import Indicators
internal import Ledger
public import Store

/// Hits on what was screened before its listing came: "retroactive" alerts. Only what was screened with `--remember` can have them.
public struct LateMatches {
  /// Under this name the log keeps the state of the list up to which everything that is remembered was compared.
  private static let comparedMark = "compared"
  private static let digestsAtOnce = 4_096

  private let log: ScreeningStore
  private let source: any ScreeningSource
  private let now: UInt64

  /// - Parameter now: milliseconds since 1970.
  init(_ log: ScreeningStore, against source: any ScreeningSource, now: UInt64) {
    self.log = log
    self.source = source
    self.now = now
  }

  /// Against what a node holds.
  public init(_ log: ScreeningStore, node source: NodeSource, now: UInt64) {
    self.init(log, against: source, now: now)
  }

  /// Compares digests that were just listed with what is remembered.
  /// - Returns: how many late hits are new; they are durable.
  public func note(listed digests: [IndicatorDigest]) throws -> Int {
    let found = try log.remembered(digests, now: now)
    guard !found.isEmpty else { return 0 }
    return try source.read(at: now) { list in try note(found, in: list) }
  }

  /// Compares all that is remembered, unless the list is still the one of this day that it was compared with before: at start, with a
  /// member's new copy, after a whole position was replaced, and when a listing's first day has come.
  public func catchUp() throws -> Int {
    // Before the comparison: what changes meanwhile is compared again.
    let state = try source.read(at: now) { list in try list.state() }
    guard try log.mark(Self.comparedMark) != state else { return 0 }
    let found = try sweep(of: nil)
    try log.setMark(Self.comparedMark, state)
    return found
  }

  /// Compares what one screening remembered, or all, with the list as it is now.
  func sweep(of screening: Int64?) throws -> Int {
    guard try log.rememberedCount() > 0 else { return 0 }
    return try source.read(at: now) { list in
      let index = try list.index()
      var listed: [IndicatorDigest] = []
      try log.eachRemembered(of: screening) { leading in
        if index.mayContain(prefix: leading.first) { listed += try list.digests(beginning: leading) }
      }
      return try stride(from: 0, to: listed.count, by: Self.digestsAtOnce).reduce(0) { count, start in
        let some = Array(listed[start..<min(start + Self.digestsAtOnce, listed.count)])
        return try count + note(log.remembered(some, now: now), in: list)
      }
    }
  }

  private func note(_ found: [(IndicatorDigest, ScreenedPlace)], in list: any ScreeningList) throws -> Int {
    // One value is remembered by a digest under each hash key.
    var digests: [ScreenedPlace: [IndicatorDigest]] = [:]
    for (digest, place) in found { digests[place, default: []].append(digest) }
    var findings: [[IndicatorDigest]: (digest: IndicatorDigest, finding: ListFinding)?] = [:]
    var matches: [MatchRecord] = []
    for (_, place) in found {
      guard let value = digests.removeValue(forKey: place) else { continue }
      if findings[value] == nil { findings[value] = .some(try list.finding(on: value)) }
      guard case .some(.some(let (digest, finding))) = findings[value] else { continue }
      matches.append(
        MatchRecord(
          place: place, digest: digest, foundAt: now, verdict: finding.verdict, ceiling: finding.ceiling, isLate: true))
    }
    let new = try log.save(matches)
    if new > 0 {
      let most = Dictionary(grouping: matches, by: \.digest).values.map(\.count).max() ?? 0
      _ = try HitRate.update(log, by: source.hitRateGuard(), most: UInt64(most), now: now)
    }
    return new
  }
}
