internal import Audit
internal import Indicators
internal import Keys
internal import Protected
internal import Signing
internal import Store
public import Wire

/// `vaka guard import`: the operator's own never-list, all of it or nothing.
public struct ImportNeverList: Sendable, Codable {
  /// A row that is not right, without its value.
  public struct RejectedRow: Sendable, Codable {
    public let line: Int
    /// The rule.
    public let code: String
    public let reason: String
  }

  /// In force now.
  public let entries: Int
  public let added: Int
  /// The same identifier with another cover, category, source or day.
  public let changed: Int
  public let removed: Int
  /// By category.
  public let categories: [String: Int]
  /// Whether the list is in force now.
  public let installed: Bool
  /// Rows that are not right; then nothing was changed.
  public let rejected: [RejectedRow]

  /// Replaces the list before.
  /// - Throws: `Problem` what the file system says.
  public static func run(_ home: NodeHome, _ source: TableSource) throws(Problem) -> ImportNeverList {
    let reader = try OwnNeverList.read(source, object: "list")
    // One that cannot be read any more is replaced as if it were empty.
    let before = Set((try? OwnNeverList.read(home.folder))?.entries ?? [])
    let isGood = reader.problems.isEmpty
    let after = isGood ? Set(reader.entries) : before
    let known = Set(before.map(\.indicator))
    let kept = Set(after.map(\.indicator))
    if isGood {
      let bytes = NeverList(reader.entries).bytes
      try AuditTrail(home.folder).write(
        AuditNote(
          .neverListImported, before: "\(before.count) entries",
          after: "\(after.count) entries sha256:\(ObjectHash(sha256: bytes).hex)", count: after.count))
      try DurableFile.write(bytes, to: home.folder.neverList)
    }
    return ImportNeverList(
      entries: after.count, added: kept.subtracting(known).count,
      changed: after.filter { known.contains($0.indicator) && !before.contains($0) }.count,
      removed: known.subtracting(kept).count,
      categories: Dictionary(grouping: after, by: \.category.rawValue).mapValues(\.count), installed: isGood,
      rejected: reader.problems.map { RejectedRow(line: $0.line, code: $0.code, reason: $0.reason) })
  }
}
