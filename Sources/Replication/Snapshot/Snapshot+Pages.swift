internal import Ledger
internal import Signing
internal import Wire

extension Snapshot.Copy {
  mutating func take(_ page: SnapshotPage) throws -> Snapshot.Outcome {
    _ = try authority.check(page.head)
    let name = page.head.reference.description
    if !isBeside, staged.base == nil, let current = try writer.position(of: coalition).head,
      !page.head.reference.isAfter(current)
    {
      // Taken, the copy would be thrown away as old at the next page and begun again, for ever.
      throw Fault.void(Problem("snapshot-older", "the peer holds no later head than we do", object: name))
    }
    if let base = staged.base, page.head.reference != base.reference, !page.head.reference.isAfter(base.reference) {
      throw Fault.link(Problem("snapshot-older", "the page was read at an older head than was asked for", object: name))
    }
    if let first = page.rows.first, let after = staged.after, !(after < first.key) {
      throw Fault.link(Problem("snapshot-order", "the page begins before the key that was asked for", object: name))
    }
    if let bucket = staged.pending?.first {
      guard page.rows.allSatisfy({ $0.key.bucket == bucket }) else {
        throw Fault.link(Problem("snapshot-order", "the page holds rows of another bucket", object: name))
      }
      if staged.after == nil { try forget(bucket) }
    }
    if staged.base == nil { staged.base = page.head }
    if page.head.reference.isAfter(staged.target?.reference) { staged.target = page.head }
    for row in page.rows { staged.takenBytes += row.liveBytes }
    // A position may shrink while it is copied, but no honest peer sends it twice over.
    guard staged.takenBytes <= 2 * max(staged.base?.claims.liveBytes ?? 0, staged.target?.claims.liveBytes ?? 0) else {
      throw Snapshot.Surrender(
        fault: .link(Problem("snapshot-too-large", "the peer sends far more rows than the head counts", object: name)))
    }
    try staged.digest.change(adding: page.leaves, subtracting: [])
    for row in page.rows {
      staged.statements += 1
      staged.liveBytes += row.liveBytes
    }
    try writer.stage(page.rows.map { .put($0, replaces: false) }, of: coalition)
    if page.more {
      staged.after = page.rows.last?.key
      return .goOn(staged.need)
    }
    staged.after = nil
    if let pending = staged.pending, pending.count > 1 {
      staged.pending = Array(pending.dropFirst())
      return .goOn(staged.need)
    }
    return try pagesEnded()
  }

  /// All rows are here: what changed while they were read comes next.
  private mutating func pagesEnded() throws -> Snapshot.Outcome {
    guard let base = staged.base, let target = staged.target else { return .goOn(staged.need) }
    if target.reference == base.reference { return try compare(with: base) }
    staged.phase = .deltas
    (staged.nextEpoch, staged.nextIndex) = (base.reference.epoch, base.reference.index + 1)
    return .goOn(staged.need)
  }

  mutating func take(_ entries: [StoredEntry], more: Bool) throws -> Snapshot.Outcome {
    guard let target = staged.target else { return .goOn(staged.need) }
    for entry in entries {
      _ = try authority.check(entry.head)
      let (name, claims) = (entry.head.reference, entry.head.claims)
      guard name.epoch == staged.nextEpoch, name.index == staged.nextIndex else {
        throw Fault.link(Problem("head-misplaced", "the page holds other heads than were asked for", object: "\(name)"))
      }
      try apply(try Delta(entry.delta, of: claims, named: "\(name)"))
      staged.nextIndex += 1
      if name.epoch == target.reference.epoch, name.index == target.reference.index { return try compare(with: target) }
    }
    if !more, target.reference.epoch > staged.nextEpoch {
      // The epoch ends here; the next one goes on from its last head.
      (staged.nextEpoch, staged.nextIndex) = (staged.nextEpoch + 1, 0)
    }
    return .goOn(staged.need)
  }

  /// Plain map writes: what the rows were before does not matter, only what they are after the last one.
  private mutating func apply(_ delta: Delta) throws {
    var writes: [RowChange] = []
    for change in delta.changes {
      let stored = try writer.stagedRow(of: coalition, key: change.key)
      if let stored { try leave(stored) }
      switch change {
      case .put(let row):
        try staged.digest.add(row.leaf)
        staged.statements += 1
        staged.liveBytes += row.liveBytes
        writes.append(.put(row, replaces: stored != nil))
      case .remove(let key):
        if stored != nil { writes.append(.remove(key)) }
      }
    }
    try writer.stage(writes, of: coalition)
  }

  /// Which of the 256 runs differ is fetched again, at most so often.
  mutating func take(_ buckets: PositionBuckets) throws -> Snapshot.Outcome {
    _ = try authority.check(buckets.head)
    var ours = BucketDigests()
    try writer.eachStagedRow(of: coalition, bucket: nil) { try ours.add($0) }
    let differing = zip(ours.hashes, buckets.digests).enumerated().filter { $0.element.0 != $0.element.1 }
      .map { UInt8($0.offset) }
    if differing.isEmpty, staged.digest.hash == buckets.head.claims.liveDigest {
      return try compare(with: buckets.head)
    }
    staged.repairs += 1
    guard !differing.isEmpty, staged.repairs <= Snapshot.mostRepairs else {
      throw Snapshot.Surrender(
        fault: .coalition(
          Problem(
            "snapshot-differs", "the rows that peers send agree with no head that the coalition signed",
            object: buckets.head.reference.description)))
    }
    (staged.base, staged.target, staged.after) = (nil, nil, nil)
    staged.takenBytes = 0
    staged.pending = differing
    staged.phase = .pages
    return .goOn(staged.need)
  }

  private mutating func forget(_ bucket: UInt8) throws {
    var removes: [RowChange] = []
    var gone: [Row] = []
    try writer.eachStagedRow(of: coalition, bucket: bucket) { row in
      removes.append(.remove(row.key))
      gone.append(row)
    }
    for row in gone { try leave(row) }
    try writer.stage(removes, of: coalition)
  }

  private mutating func leave(_ row: Row) throws {
    try staged.digest.subtract(row.leaf)
    staged.statements &-= 1
    staged.liveBytes &-= row.liveBytes
  }
}
