internal import Foundation
internal import Store

/// `vaka list log`: the lists that were made for members, newest first.
public struct ListLog: Sendable, Codable {
  public struct Export: Sendable, Codable {
    /// RFC 3339, UTC.
    public let madeAt: String
    public let member: String
    public let fingerprint: String
    public let entries: Int
    public let hash: String
  }

  public let exports: [Export]

  public static func run(_ home: NodeHome, limit: Int) throws -> ListLog {
    let log = try ScreeningStore.openReadOnly(home.folder.screening)
    defer { try? log?.close() }
    return ListLog(
      exports: try (log?.exports(limit: limit) ?? []).map { export in
        Export(
          madeAt: Moment.text(export.madeAt), member: export.member, fingerprint: export.card, entries: export.entries,
          hash: export.hash)
      })
  }
}
