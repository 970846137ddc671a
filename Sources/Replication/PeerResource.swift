public import Wire

/// One resource that a peer serves, with its place under `/peer/v1/`.
public enum PeerResource: Sendable, Hashable, CustomStringConvertible {
  case hello
  case roster(UInt32)
  case records(CoalitionID)
  case frontier
  /// Heads and receipts since a cursor; waits up to so many seconds for something new.
  case heads(after: String?, wait: Int)
  case deltas(CoalitionID, epoch: UInt32, from: UInt64)
  case history(CoalitionID, epoch: UInt32, from: UInt64)
  /// The copy of a hash key that is sealed to the member who asks.
  case hashKey(UInt32)

  /// Path and query of the request.
  public var path: String {
    switch self {
    case .hello: "/peer/v1/hello"
    case .roster(let number): "/peer/v1/roster/\(number)"
    case .records(let coalition): "/peer/v1/records/\(coalition)"
    case .frontier: "/peer/v1/frontier"
    case .heads(let after, let wait): "/peer/v1/heads?\(after.map { "after=\($0)&" } ?? "")wait=\(wait)"
    case .deltas(let coalition, let epoch, let from): "/peer/v1/deltas/\(coalition)/\(epoch)?from=\(from)"
    case .history(let coalition, let epoch, let from): "/peer/v1/history/\(coalition)/\(epoch)?from=\(from)"
    case .hashKey(let epoch): "/peer/v1/hash-keys/\(epoch)"
    }
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
      self = .heads(after: query["after"], wait: max(0, number("wait") ?? 0))
    case ("roster", let rest) where rest.count == 1:
      guard let roster = UInt32(rest[0]) else { return nil }
      self = .roster(roster)
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
    default: return nil
    }
  }

  public var description: String { path }
}
