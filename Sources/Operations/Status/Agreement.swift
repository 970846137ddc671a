public import Alliance
public import Ledger
public import Signing
public import Wire

/// Whether a peer holds what we hold, judged by its newest receipt and never for want of news.
public enum Agreement: String, Sendable, Codable, CaseIterable {
  /// Another head at the same index, or a fork.
  case no
  case unknown
  case catchingUp = "catching-up"
  case yes

  /// A receipt older than this says nothing any more, in milliseconds.
  public static let receiptAge: UInt64 = 360_000
  /// Heads that we applied less long ago are not asked for yet, in milliseconds.
  public static let settling: UInt64 = 10_000

  /// What we hold of one coalition, and what a receipt must cover.
  public struct Expectation: Sendable {
    /// Our newest applied head.
    public let newest: HeadReference
    /// The newest one that we applied more than `settling` ago; nil if there is none.
    public let settled: HeadReference?

    public init(newest: HeadReference, settled: HeadReference?) {
      self.newest = newest
      self.settled = settled
    }
  }

  /// - Parameters:
  ///   - receipt: the peer's newest one, with its age in milliseconds since it was first seen here.
  ///   - hash: the hash of a head that we applied; nil if we have not.
  public static func judge(
    _ receipt: (receipt: Receipt, age: UInt64)?, expecting: [Expectation],
    hash: (CoalitionID, UInt32, UInt64) throws -> ObjectHash?
  ) rethrows -> Agreement {
    guard let (receipt, age) = receipt, age <= receiptAge else { return .unknown }
    if receipt.entries.contains(where: { $0.state == .forked }) { return .no }
    var isBehind = false
    for entry in receipt.entries {
      guard let newest = expecting.first(where: { $0.newest.coalition == entry.coalition })?.newest else {
        isBehind = true
        continue
      }
      if (entry.epoch, entry.index) > (newest.epoch, newest.index) {
        isBehind = true
      } else if let ours = try hash(entry.coalition, entry.epoch, entry.index), ours != entry.headHash {
        return .no
      }
      if entry.state == .held { isBehind = true }
    }
    for expectation in expecting {
      guard let settled = expectation.settled else { continue }
      guard let entry = receipt.entry(of: settled.coalition),
        (entry.epoch, entry.index) >= (settled.epoch, settled.index)
      else {
        isBehind = true
        continue
      }
    }
    return isBehind ? .catchingUp : .yes
  }
}
