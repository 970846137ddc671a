public import Alliance
internal import Ledger
public import Replication
internal import SwiftProtobuf
public import Wire

/// A peer that a position is copied from: what its responder answers to a need, read as it would come over a link.
public struct SnapshotSource: Sendable {
  public let disk: SimulatedDisk
  public let coalition: CoalitionID
  public let membership: Membership

  public init(_ disk: SimulatedDisk, of coalition: CoalitionID, in membership: Membership) {
    self.disk = disk
    self.coalition = coalition
    self.membership = membership
  }

  /// - Parameter change: what a lying peer does to a page.
  /// - Throws: `Problem` that the responder answers with, and what a reader finds unreadable.
  public func answer(
    to resource: PeerResource, change: (inout WireSnapshotPage) -> Void = { _ in }
  ) throws -> PeerAnswer {
    let responder = Responder(
      coalition: coalition, membership: membership, instance: [UInt8](repeating: 7, count: 16), version: "1",
      feed: HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8]), sealedKeys: [])
    let reply = try disk.read {
      try responder.reply(to: resource, from: coalition, reading: $0, mayWait: false)
    }
    switch reply {
    case .message(var message):
      if var page = message as? WireSnapshotPage {
        change(&page)
        message = page
      }
      return try PeerAnswer(to: resource, body: try message.serializedBytes())
    case .bytes(let bytes): return try PeerAnswer(to: resource, body: bytes)
    case .problem(_, let problem): throw problem
    case .wait: throw Problem("nothing-new", "a long poll")
    }
  }

  /// The answer to a need as the copy takes it.
  public func input(_ need: SnapshotNeed, change: (inout WireSnapshotPage) -> Void = { _ in }) throws -> Snapshot.Input
  {
    do {
      switch (try answer(to: need.resource(of: coalition), change: change), need) {
      case (.snapshot(let page), .page(_, let after, let bucket)): return .page(page, after: after, bucket: bucket)
      case (.deltas(let entries, let more), _): return .deltas(entries, more: more)
      case (.buckets(let buckets), _): return .buckets(buckets)
      case (.history(let hashes), .history(_, let index)): return .history(hashes, from: index)
      default: throw Problem("answer-unreadable", "another kind of answer")
      }
    } catch let problem as Problem where problem.code == "deltas-gone" {
      return .deltasGone
    }
  }
}
