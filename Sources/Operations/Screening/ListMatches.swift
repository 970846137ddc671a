internal import Indicators
public import Store
internal import Wire

/// `vaka match list`: the hits that were found here, newest first. The values themselves are kept nowhere.
public struct ListMatches: Sendable, Codable {
  public struct Match: Sendable, Codable {
    /// RFC 3339, UTC.
    public let foundAt: String
    /// When the value was screened, which for a late hit is earlier.
    public let screenedAt: String
    /// The table's file name; empty for a single value.
    public let source: String
    public let row: Int
    public let column: String
    public let type: String
    public let verdict: String
    public let ceiling: String
    public let reference: String
    /// The listing came after the value was screened.
    public let late: Bool
    public let seen: Bool
  }

  public let matches: [Match]
  /// More than are shown.
  public let more: Int

  /// - Parameters:
  ///   - since: milliseconds since 1970.
  ///   - lateOnly: only those whose listing came later.
  ///   - unseenOnly: only late ones that nobody has looked at.
  public static func run(
    _ folder: NodeFolder, since: UInt64, lateOnly: Bool, unseenOnly: Bool, limit: Int
  ) throws -> ListMatches {
    guard let log = try ScreeningStore.openReadOnly(folder.screening) else { return ListMatches(matches: [], more: 0) }
    defer { try? log.close() }
    let found = try log.matches(since: since, lateOnly: lateOnly || unseenOnly, unseenOnly: unseenOnly, limit: limit)
    let runs = try log.runs(Set(found.shown.map(\.place.screening)))
    let matches = found.shown.map { match in
      let run = runs[match.place.screening]
      let column = run.flatMap {
        $0.columns.indices.contains(match.place.column) ? $0.columns[match.place.column] : nil
      }
      return Match(
        foundAt: Moment.text(match.foundAt), screenedAt: Moment.text(run?.startedAt ?? match.foundAt),
        source: run?.source ?? "", row: match.place.line, column: column?.name ?? "", type: column?.type ?? "",
        verdict: match.verdict, ceiling: match.ceiling, reference: Reference.of(match.digest), late: match.isLate,
        seen: match.isSeen)
    }
    return ListMatches(matches: matches, more: found.all - matches.count)
  }

  /// Notes that a person has looked at all late hits; how many were new.
  public static func markSeen(_ folder: NodeFolder) throws -> Int {
    guard try ScreeningStore.openReadOnly(folder.screening) != nil else { return 0 }
    let log = try ScreeningStore.open(folder.screening)
    defer { try? log.close() }
    return try log.markLateMatchesSeen()
  }
}
