/// A log for people: on which day who did what, how often.
public struct AuditSummary: Sendable {
  private struct Key: Hashable, Comparable {
    let day: UInt64
    let act: String
    let who: String

    static func < (left: Key, right: Key) -> Bool {
      (left.day, left.act, left.who) < (right.day, right.act, right.who)
    }
  }

  /// One line: a day (UTC days since 1970), an act, who, how many entries, and how many things they counted.
  public struct Line: Sendable, Hashable {
    public let day: UInt64
    public let act: String
    public let who: String
    public let entries: Int
    public let things: Int
  }

  private var counts: [Key: (entries: Int, things: Int)] = [:]

  public init() {}

  public mutating func take(_ entry: AuditEntry) {
    let key = Key(day: entry.at / 86_400_000, act: entry.act.rawValue, who: Self.who(entry.actor))
    let (entries, things) = counts[key] ?? (0, 0)
    counts[key] = (entries + 1, things.addingReportingOverflow(entry.count).partialValue)
  }

  public var lines: [Line] {
    counts.sorted { $0.key < $1.key }.map { key, count in
      Line(day: key.day, act: key.act, who: key.who, entries: count.entries, things: count.things)
    }
  }

  /// `vaka (998)`, `anna as vaka (998)`, `the node`.
  public static func who(_ actor: AuditActor) -> String {
    if actor.via == .node { return "the node" }
    let user = actor.name.isEmpty ? "user \(actor.user)" : "\(actor.name) (\(actor.user))"
    return actor.login.isEmpty || actor.login == actor.name ? user : "\(actor.login) as \(user)"
  }
}
