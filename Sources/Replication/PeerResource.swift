internal import Alliance
public import Ledger
public import Signing
public import Wire

/// One resource that a peer serves, with its place under `/peer/v1/`.
public enum PeerResource: Sendable, Hashable, CustomStringConvertible {
  case hello
  case roster(UInt32)
  /// What was said about the roster of this number, which is not in force yet; a part of it.
  case deliberation(UInt32, part: Int)
  case records(CoalitionID)
  case frontier
  /// Heads since a cursor, the peer's own receipt, and the receipts of the coalitions that the asker does not hear itself;
  /// waits up to so many seconds for something new.
  case heads(after: String?, wait: Int, relay: [CoalitionID] = [])
  case deltas(CoalitionID, epoch: UInt32, from: UInt64)
  case history(CoalitionID, epoch: UInt32, from: UInt64)
  /// Rows of a position after a key, of one bucket or of all, read at the head named or at a later one.
  case snapshot(CoalitionID, atLeast: ObjectHash?, after: StatementKey?, bucket: UInt8?)
  /// The 256 sub-digests of a position.
  case buckets(CoalitionID)
  /// The copy of a hash key that is sealed to the member who asks.
  case hashKey(UInt32)

  /// The way of asking and answering that the paths name.
  static let protocolVersion: UInt32 = 1

  /// The coalition whose position it is a part of; nil for everything else.
  var position: CoalitionID? {
    switch self {
    case .deltas(let coalition, _, _), .history(let coalition, _, _), .snapshot(let coalition, _, _, _),
      .buckets(let coalition):
      coalition
    default: nil
    }
  }

  /// Path and query of the request.
  public var path: String {
    switch self {
    case .hello: "/peer/v1/hello"
    case .roster(let number): "/peer/v1/roster/\(number)"
    case .deliberation(let number, let part): "/peer/v1/deliberation/\(number)?part=\(part)"
    case .records(let coalition): "/peer/v1/records/\(coalition)"
    case .frontier: "/peer/v1/frontier"
    case .heads(let after, let wait, let relay):
      "/peer/v1/heads?\(after.map { "after=\($0)&" } ?? "")wait=\(wait)"
        + (relay.isEmpty ? "" : "&relay=\(relay.map(\.rawValue).joined(separator: "."))")
    case .deltas(let coalition, let epoch, let from): "/peer/v1/deltas/\(coalition)/\(epoch)?from=\(from)"
    case .history(let coalition, let epoch, let from): "/peer/v1/history/\(coalition)/\(epoch)?from=\(from)"
    case .snapshot(let coalition, let head, let key, let bucket):
      "/peer/v1/snapshot/\(coalition)"
        + Self.query([
          head.map { "at-least=\($0.hex)" }, key.map { "after=\(Hexadecimal.encode($0.bytes))" },
          bucket.map { "bucket=\($0)" },
        ])
    case .buckets(let coalition): "/peer/v1/buckets/\(coalition)"
    case .hashKey(let epoch): "/peer/v1/hash-keys/\(epoch)"
    }
  }

  private static func query(_ parts: [String?]) -> String {
    let parts = parts.compactMap(\.self)
    return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
  }

  /// Reads a path and its query; nil for what does not exist.
  public init?(path: String, query: [String: String]) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 4, parts[0].isEmpty, parts[1] == "peer", parts[2] == "v1" else { return nil }
    func number<Number: FixedWidthInteger>(_ name: String) -> Number? { query[name].flatMap { Number($0) } }
    switch (parts[3], Array(parts.dropFirst(4))) {
    case ("hello", []): self = .hello
    case ("frontier", []): self = .frontier
    case ("heads", []):
      let relay = (query["relay"] ?? "").split(separator: ".").prefix(Roster.mostMembers).compactMap { CoalitionID($0) }
      self = .heads(after: query["after"], wait: max(0, number("wait") ?? 0), relay: relay)
    case ("roster", let rest) where rest.count == 1:
      guard let roster = UInt32(rest[0]) else { return nil }
      self = .roster(roster)
    case ("deliberation", let rest) where rest.count == 1:
      guard let roster = UInt32(rest[0]) else { return nil }
      self = .deliberation(roster, part: max(0, number("part") ?? 0))
    case ("records", let rest) where rest.count == 1:
      guard let coalition = CoalitionID(rest[0]) else { return nil }
      self = .records(coalition)
    case ("hash-keys", let rest) where rest.count == 1:
      guard let epoch = UInt32(rest[0]) else { return nil }
      self = .hashKey(epoch)
    case ("deltas", let rest) where rest.count == 2:
      guard let coalition = CoalitionID(rest[0]), let epoch = UInt32(rest[1]) else { return nil }
      self = .deltas(coalition, epoch: epoch, from: number("from") ?? 0)
    case ("history", let rest) where rest.count == 2:
      guard let coalition = CoalitionID(rest[0]), let epoch = UInt32(rest[1]) else { return nil }
      self = .history(coalition, epoch: epoch, from: number("from") ?? 0)
    case ("snapshot", let rest) where rest.count == 1:
      let (head, key) = (
        query["at-least"].map { ObjectHash(hex: $0) },
        query["after"].map { text in Hexadecimal.decode(text).flatMap { StatementKey($0) } }
      )
      let bucket: UInt8?? = query["bucket"].map { UInt8($0) }
      guard let coalition = CoalitionID(rest[0]), head != .some(nil), key != .some(nil), bucket != .some(nil) else {
        return nil
      }
      self = .snapshot(coalition, atLeast: head ?? nil, after: key ?? nil, bucket: bucket ?? nil)
    case ("buckets", let rest) where rest.count == 1:
      guard let coalition = CoalitionID(rest[0]) else { return nil }
      self = .buckets(coalition)
    default: return nil
    }
  }

  /// Reads a path with its query, as ``path`` writes it: nothing in it needs percent-encoding.
  public init?(target: String) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var query: [String: String] = [:]
    for pair in parts.dropFirst().joined().split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if let name = sides.first, sides.count == 2, query[String(name)] == nil { query[String(name)] = String(sides[1]) }
    }
    self.init(path: parts.first.map(String.init) ?? "", query: query)
  }

  public var description: String { path }
}
