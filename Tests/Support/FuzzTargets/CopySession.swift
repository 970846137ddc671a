internal import Alliance
internal import AllianceBench
internal import Ledger
internal import Replication
internal import Simulation
internal import Wire

/// A copy of a whole position, and single heads, from a peer whose answers a fuzzer damages.
struct CopySession {
  private var choices: Choices
  private let bench: FuzzAlliance
  private let disk = SimulatedDisk()
  private let no: CoalitionID

  init(_ bytes: [UInt8]) throws {
    choices = Choices(bytes)
    bench = try FuzzAlliance.shared.get()
    guard let no = CoalitionID("no") else { throw BrokenPromise("no is a coalition") }
    self.no = no
  }

  /// Answers what the copy asks for until it ends or nothing is left to decide; then an honest peer goes on.
  mutating func run() throws {
    var outcome = try take(.begin)
    for _ in 0..<64 where choices.areLeft {
      guard let need = Self.need(of: outcome) else { break }
      outcome = try take(input(for: need, isHonest: choices.byte() < 64) ?? .deltasGone)
      try check()
    }
    var steps = 0
    if Self.need(of: outcome) == nil, !isFinished { outcome = try take(.begin) }
    while let need = Self.need(of: outcome) {
      guard let honest = try input(for: need, isHonest: true) else { break }
      outcome = try take(honest)
      steps += 1
      try BrokenPromise.check(steps < 200, "an honest peer brings a copy to its end")
      if Self.need(of: outcome) == nil, !isFinished, steps < 150 { outcome = try take(.begin) }
    }
    try check()
    try BrokenPromise.check(isFinished, "what a liar left behind does not keep an honest copy from its end")
  }

  private var isFinished: Bool { (try? disk.read { try $0.position(of: no).head }) != nil }

  private static func need(of outcome: Snapshot.Outcome) -> SnapshotNeed? {
    switch outcome {
    case .goOn(let need): need
    case .failed(_, let need): need
    case .finished, .ready, .ended: nil
    }
  }

  private func take(_ input: Snapshot.Input) throws -> Snapshot.Outcome {
    try Snapshot.take(input, of: no, membership: bench.alliance.membership, in: disk, now: 0)
  }

  private mutating func input(for need: SnapshotNeed, isHonest: Bool) throws -> Snapshot.Input? {
    let resource = need.resource(of: no)
    guard let honest = try bench.body(of: resource, from: no) else { return nil }
    let body = isHonest ? honest : choices.damaged(honest)
    guard let answer = try? PeerAnswer(to: resource, body: body) else { return nil }
    switch (answer, need) {
    case (.snapshot(let page), .page(_, let after, let bucket)): return .page(page, after: after, bucket: bucket)
    case (.deltas(let entries, let more), _): return .deltas(entries, more: more)
    case (.buckets(let buckets), _): return .buckets(buckets)
    case (.history(let hashes), .history(_, let index)): return .history(hashes, from: index)
    default: return nil
    }
  }

  /// Whatever came: a position in force is one that its coalition signed, row for row.
  private func check() throws { try Self.check(disk, no) }

  private static func check(_ disk: SimulatedDisk, _ coalition: CoalitionID) throws {
    try disk.read { reader in
      let position = try reader.position(of: coalition)
      guard position.head != nil else { return }
      guard let head = try reader.signedHead(of: coalition) else { throw BrokenPromise("a position has its head") }
      try BrokenPromise.check(position.digest.hash == head.claims.liveDigest, "the digest in force is the signed one")
      var (digest, after, more): (LiveDigest, StatementKey?, Bool) = (LiveDigest(), nil, true)
      while more {
        let page = try reader.rows(of: coalition, after: after, bucket: nil, maximumBytes: 1 << 20)
        for row in page.rows { try digest.add(row.leaf) }
        (after, more) = (page.rows.last?.key, page.more)
      }
      try BrokenPromise.check(digest.hash == head.claims.liveDigest, "the rows in force are those that were signed")
    }
  }

  /// Heads with their deltas, damaged: what is applied is what was signed.
  static func apply(_ bytes: [UInt8]) throws {
    var choices = Choices(bytes)
    let bench = try FuzzAlliance.shared.get()
    let disk = SimulatedDisk()
    guard let no = CoalitionID("no") else { return }
    let resource = PeerResource.deltas(no, epoch: 1, from: 0)
    for _ in 0..<8 where choices.areLeft {
      guard let honest = try bench.body(of: resource, from: no),
        case .deltas(var entries, _)? = try? PeerAnswer(to: resource, body: choices.damaged(honest))
      else { continue }
      if choices.below(4) == 0, entries.count > 1 { entries.swapAt(choices.below(entries.count), 0) }
      if choices.below(4) == 0 { entries.removeFirst(min(entries.count, choices.below(4))) }
      _ = try Replica.apply(entries, of: no, membership: bench.alliance.membership, in: disk, now: 0)
      try check(disk, no)
    }
  }
}
