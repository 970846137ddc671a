internal import Signing
public import Wire

/// How parts of a change are written on a command line: `ID:VALUE`, with no identifier of anybody's payment among them.
extension ProposedChange {
  /// Such as `se:20000000` or `se:20000000:8589934592`.
  /// - Throws: `Problem` `bad-coalition` or `unknown-value`.
  public mutating func addQuota(_ text: String) throws(Problem) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let coalition = try Self.coalition(parts.first)
    guard (2...3).contains(parts.count), let statements = UInt64(parts[1]),
      let liveBytes = parts.count == 3 ? UInt64(parts[2]).map(Optional.some) : .some(nil)
    else { throw Problem("unknown-value", "a quota is ID:STATEMENTS, or ID:STATEMENTS:BYTES", object: text) }
    quotas[coalition] = Quota(statements: statements, liveBytes: liveBytes)
  }

  /// Such as `1:2027-05-31`.
  /// - Throws: `Problem` `bad-day` or `unknown-value`.
  public mutating func addClosing(_ text: String) throws(Problem) {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let epoch = UInt32(parts[0]) else {
      throw Problem("unknown-value", "a hash key closes as EPOCH:DAY, such as 1:2027-05-31", object: text)
    }
    closes[epoch] = try Day.parse(String(parts[1]))
  }

  /// Such as `se:14`, or `se:14:0123456789ab` if two records of the number were signed.
  /// - Throws: `Problem` `bad-coalition` or `unknown-value`.
  public mutating func addPin(_ text: String) throws(Problem) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let coalition = try Self.coalition(parts.first)
    guard (2...3).contains(parts.count), let number = UInt32(parts[1]), number >= 1 else {
      throw Problem("unknown-value", "a pin is ID:NUMBER, or ID:NUMBER:HASH", object: text)
    }
    pins.append(Pin(coalition: coalition, number: number, hashPrefix: parts.count == 3 ? parts[2].lowercased() : ""))
  }

  /// Such as `se:Demo Sweden`.
  /// - Throws: `Problem` `bad-coalition` or `unknown-value`.
  public mutating func addMemberName(_ text: String) throws(Problem) {
    let (coalition, name) = try Self.pair(text, "a member's name is ID:NAME")
    memberNames[coalition] = name
  }

  /// `ID:FILE` in its two parts.
  /// - Throws: `Problem` `bad-coalition` or `unknown-value`.
  public static func pair(_ text: String, _ what: String) throws(Problem) -> (CoalitionID, String) {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { throw Problem("unknown-value", what, object: text) }
    return (try coalition(parts.first), String(parts[1]))
  }

  private static func coalition(_ text: Substring?) throws(Problem) -> CoalitionID {
    guard let id = text.flatMap({ CoalitionID($0) }) else {
      throw Problem(
        "bad-coalition", "a coalition is a lower-case ISO 3166-1 code, such as se", object: text.map(String.init))
    }
    return id
  }
}
