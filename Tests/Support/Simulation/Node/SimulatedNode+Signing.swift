internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

extension SimulatedNode {
  struct Crash: Error {}

  /// Ends the process here if this is where it was to end.
  func pass(_ boundary: Boundary) throws {
    guard crashesAt == boundary else { return }
    crashesAt = nil
    throw Crash()
  }

  /// What a start does with heads that were prepared and not published.
  func settle() throws -> [HeadReference] {
    guard let prepared = try disk.read({ try $0.preparedHeads() }) else { return [] }
    if let name = try? Author.reference(of: prepared), name == mark, name.epoch == author.epoch, authorProblem == nil {
      return try author.publish(prepared, in: disk, membership: membership).heads
    }
    try author.discardPrepared(in: disk)
    return []
  }

  /// Prepared, read back, marked, signed and published.
  func sign(at now: UInt64, random: inout SeededRandom) throws -> [HeadReference] {
    try pass(.beforePrepare)
    if planted(.signedBeforeDurable) { disk.stopSyncing() }
    var generator = random
    defer { random = generator }
    let prepared = try author.prepare(in: disk, membership: membership, now: clock.wall(at: now)) {
      generator.bytes($0)
    }
    guard let prepared else { return [] }
    if flipsPrepared {
      flipsPrepared = false
      disk.flipPrepared()
    }
    try pass(.prepared)
    let decided = try author.readBack(prepared, from: disk)
    try pass(.readBack)
    mark = decided
    try pass(.marked)
    let heads = try author.publish(prepared, in: disk, membership: membership).heads
    try pass(.published)
    for _ in heads { process?.feed.headCommitted(of: coalition) }
    return heads
  }
}
