internal import Signing
public import Wire

/// Two records of one number that one identity key has signed: a proof. Neither counts, nor anything later, until a roster pins
/// one of them.
public struct RecordConflict: Sendable, Hashable {
  public static let code = "record-conflict"

  /// The one with the lower hash.
  public let first: MemberRecord
  public let second: MemberRecord

  /// - Parameter records: at least two of one coalition and number, in any order.
  init?(_ records: [MemberRecord]) {
    let sorted = records.sorted { $0.hash < $1.hash }
    guard sorted.count >= 2 else { return nil }
    (first, second) = (sorted[0], sorted[1])
  }

  public var coalition: CoalitionID { first.coalition }
  public var number: UInt32 { first.number }
  public var records: [MemberRecord] { [first, second] }

  /// What to show a person.
  public var problem: Problem {
    let hashes = records.map { String($0.hash.hex.prefix(12)) }.joined(separator: " or ")
    return Problem(
      Self.code, "its identity key signed two records of one number; neither counts, nor anything later",
      object: "record \(number) of \(coalition)",
      next:
        "ask it which one holds, then: vaka alliance propose --pin \(coalition):\(number):HASH, where HASH is \(hashes)"
    )
  }
}
