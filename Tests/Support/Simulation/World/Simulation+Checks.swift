internal import Alliance
internal import AllianceBench
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

extension Simulation {
  private static let auditPause: UInt64 = 5_000

  // MARK: whenever it happens

  func noteSigned(_ name: HeadReference, _ node: SimulatedNode) throws {
    let entry = try node.disk.read { try $0.entry(of: name.coalition, epoch: name.epoch, index: name.index) }
    guard let entry else {
      throw Report.Violation(check: .noError, what: "\(name) was signed and is not there")
    }
    report.heads += 1
    trace.note("\(name) \(name.hash.hex.prefix(8)) signed", at: now)
    if node.disk.state.proofs[name.coalition]?[name.epoch] != nil {
      throw Report.Violation(check: .forkStops, what: "\(name) was signed, and two histories of its epoch are proven")
    }
    note(name, by: node)
    try truth.signed(entry.head)
  }

  /// A crash may fall between publishing and telling.
  func noteUntold(_ node: SimulatedNode) throws {
    for entry in node.disk.state.heads[node.coalition] ?? [] { try truth.signed(entry.head) }
  }

  func checkApplied(_ head: HeadReference, _ node: SimulatedNode) throws {
    trace.note("\(node.coalition) applies \(head)", at: now)
    if let cut = closing(of: head, knownTo: node),
      head.index > cut.index || (head.index == cut.index && head.hash != cut.hash)
    {
      throw Report.Violation(
        check: .nothingPastCut, what: "\(node.coalition) applied \(head), and its epoch ends at \(cut.index)")
    }
    if let proof = node.disk.state.proofs[head.coalition]?[head.epoch], head.index >= proof.index,
      node.membership.record(of: head.coalition)?.epochs.last?.number == head.epoch
    {
      throw Report.Violation(
        check: .forkStops,
        what: "\(node.coalition) applied \(head), and two histories are proven from \(proof.index) on")
    }
    guard !truth.breaksRule(head.hash) else {
      throw Report.Violation(check: .rulesHold, what: "\(node.coalition) applied \(head), which breaks a rule")
    }
    guard truth.wasSigned(head) else {
      throw Report.Violation(
        check: .onlyWhatWasSigned, what: "\(node.coalition) applied \(head), which was never signed")
    }
  }

  /// What a node has shown as applied must be there whenever it starts again.
  func note(_ head: HeadReference, by node: SimulatedNode) {
    if head.isAfter(node.shown[head.coalition]) { node.shown[head.coalition] = head }
  }

  /// Where a head's epoch ends, if a later one goes on from it and the node knows that.
  private func closing(of head: HeadReference, knownTo node: SimulatedNode) -> SigningEpoch.Continuation? {
    node.membership.record(of: head.coalition)?.epochs.first {
      $0.number > head.epoch && $0.continues?.epoch == head.epoch
    }?
    .continues
  }

  func checkStart(_ node: SimulatedNode) throws {
    try noteUntold(node)
    for (coalition, head) in node.shown.sorted(by: { $0.key < $1.key })
    where head.isAfter(node.disk.state.positions[coalition]?.head) {
      throw Report.Violation(check: .shownIsDurable, what: "\(node.coalition) has lost \(head), which it has shown")
    }
  }

  func checkHold(_ problem: Problem, of coalition: CoalitionID, at node: SimulatedNode) throws {
    // Who has broken a rule is held, and who takes back too much waits for the operator.
    if rogues.contains(coalition) || truth.mayFork.contains(coalition) { return }
    if problem.code == "breaker", settings.hasTightBreaker, node.disk.state.positions[coalition]?.head != nil { return }
    // The disk's trouble, and what rows that were altered on the way or on a disk come to.
    let honest = [
      "disk-full", "live-digest-differs", "live-counts-differ", "snapshot-differs", "history-differs",
    ]
    guard honest.contains(problem.code) else {
      throw Report.Violation(
        check: .honestNotHeld, what: "\(node.coalition) holds \(coalition), which signed by the rules: \(problem)")
    }
  }

  // MARK: now and then

  func audit() throws {
    if !haveMet, nodes.allSatisfy({ $0.isSetBack || ($0.process?.gate.isOpen ?? false) }) {
      haveMet = true
      keepCut()
    }
    try checkOnePosition()
    try checkBounds()
    try checkUnasked()
    if planted(.syncNotAwaited) { nodes[Int(random.below(UInt64(nodes.count)))].disk.sync(goesOn: true) }
    keepImage()
    if !isTroubled {
      if now < settings.troubledUntil + Self.auditPause { try mend() }
      if disagreement() == nil {
        report.agreedAfter = now - settings.troubledUntil
        return
      }
    }
    agenda.plan(.audit, at: now + Self.auditPause)
  }

  private func checkOnePosition() throws {
    let node = nodes[Int(random.below(UInt64(nodes.count)))]
    let coalition = nodes[Int(random.below(UInt64(nodes.count)))].coalition
    try checkPosition(of: coalition, at: node)
  }

  func checkPosition(of coalition: CoalitionID, at node: SimulatedNode) throws {
    guard let position = node.disk.state.positions[coalition], let head = position.head else { return }
    // Whoever breaks a rule need not hold what he signs.
    if node.coalition == coalition, node.lastGood != nil { return }
    func differs(_ what: String) -> Report.Violation {
      .init(check: .positionMatchesHead, what: "\(node.coalition) holds \(head): \(what)")
    }
    guard let digest = truth.digest(at: head) else {
      throw Report.Violation(check: .onlyWhatWasSigned, what: "\(node.coalition) holds \(head), which was never signed")
    }
    guard position.digest.hash == digest else { throw differs("its digest is another") }
    if let floor = node.disk.state.newest[coalition]?.claims, let first = node.disk.state.heads[coalition]?.first {
      let name = first.head.reference
      guard (name.epoch, name.index) >= (floor.floorEpoch, floor.floorIndex) else {
        throw Report.Violation(check: .deltasEndAtFloor, what: "\(node.coalition) keeps the delta of \(name)")
      }
    }
    let rows = node.disk.state.rows[coalition]?.all ?? []
    var recomputed = LiveDigest()
    try recomputed.change(adding: rows.map(\.leaf), subtracting: [])
    guard recomputed == position.digest, UInt64(rows.count) == position.statements,
      rows.reduce(0, { $0 + $1.liveBytes }) == position.liveBytes
    else {
      if flipped.contains(where: { $0.node == node.index && $0.coalition == coalition }) { return }
      throw differs("its rows are others than it counts")
    }
    flipped.removeAll { $0.node == node.index && $0.coalition == coalition }
  }

  private func checkBounds() throws {
    let links = nodes.count * nodes.count
    // A few requests on each link at once, and what is planned for each node.
    guard agenda.count < 40 * links + 2_000 else {
      throw Report.Violation(check: .bounded, what: "\(agenda.count) things are planned")
    }
    // A poll that comes twice waits twice.
    let most = (report.faults[FaultKind.echoes.rawValue] == nil ? 4 : 8) * nodes.count
    for node in nodes where node.waiters.count > most {
      throw Report.Violation(check: .bounded, what: "\(node.waiters.count) polls wait at \(node.coalition)")
    }
  }

  /// Whoever is up asks each peer again and again: at the latest a poll's time and the longest pause after the last request.
  private func checkUnasked() throws {
    let longest: UInt64 = 90_000
    guard now > longest else { return }
    for node in nodes where node.isUp {
      for peer in nodes where peer !== node && asked[node.index * nodes.count + peer.index] + longest < now {
        throw Report.Violation(
          check: .nobodyUnasked,
          what:
            "\(node.coalition) last asked \(peer.coalition) at \(Trace.clock(asked[node.index * nodes.count + peer.index]))"
        )
      }
    }
  }

  private func keepImage() {
    guard isTroubled, random.happens(oneIn: 20) else { return }
    let node = nodes[Int(random.below(UInt64(nodes.count)))]
    guard node.isUp else { return }
    guard mayBeSetBack(node) else { return }
    images[node.index, default: []].append(savedImage(of: node))
    if images[node.index, default: []].count > 3 { images[node.index]?.removeFirst() }
  }

  /// Healing: what lasted ends, everyone starts, and what flipped on a disk is stated anew by its coalition.
  private func mend() throws {
    network.heal()
    keepCut()
    for node in nodes {
      (node.isStalling, node.isLying, node.crashesAt, node.flipsPrepared) = (false, false, nil, false)
      node.stallsBodies = false
      node.disk.isFull = false
      if !node.clock.isRight { node.passesUntil = now + breakerSlack }
      node.clock = SimulatedClock()
    }
    for flip in flipped {
      guard let number = numbers[flip.coalition] else { continue }
      let statement = random.bytes(30)
      try enqueue(.put(flip.key, statement), nodes[number])
      planDue(nodes[number])
    }
  }

  // MARK: after healing

  /// Where not all agree; nil if they do.
  func disagreement() -> String? {
    if let down = nodes.first(where: { !$0.isUp }) { return "\(down.coalition) is down" }
    if clone?.isUp == true { return "a second machine is running" }
    if let rogue = nodes.first(where: { $0.lastGood != nil }) { return "\(rogue.coalition) has not repented" }
    if settings.keepsCut, !haveMet { return "not all have met" }
    for node in nodes where !node.isSetBack && !node.disk.state.queue.isEmpty {
      return "\(node.coalition) has not signed what is queued: \(node.process.map { "\($0.gate.state)" } ?? "")"
    }
    for node in nodes where node.hasOpenErasures && !node.isSetBack {
      return "\(node.coalition) has an erasure that does not end: \(node.disk.state.erasures.map(\.step))"
    }
    for holder in nodes {
      // Of a coalition whose own store was set back nobody can say what it states now.
      for author in nodes where author !== holder && !author.isSetBack {
        let newest = author.disk.state.positions[author.coalition]?.head
        guard holder.disk.state.positions[author.coalition]?.head == newest else {
          let held = holder.disk.state.positions[author.coalition]?.head?.description
          return "\(holder.coalition) holds \(held ?? "nothing of \(author.coalition)"), not "
            + (newest?.description ?? "nothing")
        }
      }
    }
    for node in nodes { if let lacking = receiptThatLacks(at: node) { return lacking } }
    return nil
  }

  /// Of a coalition whose own store was set back: what its peers have.
  func newestHeld(of coalition: CoalitionID) -> HeadReference? {
    var newest: HeadReference?
    for node in nodes + (clone.map { [$0] } ?? []) where node.coalition != coalition {
      if let head = node.disk.state.positions[coalition]?.head, head.isAfter(newest) { newest = head }
    }
    return newest
  }

  /// Everyone's receipt must be here and say that the newest heads are applied: what a withdrawal waits for.
  private func receiptThatLacks(at node: SimulatedNode) -> String? {
    let receipts = node.disk.state.receipts.map(\.receipt)
    guard receipts.count == nodes.count else { return "\(node.coalition) has \(receipts.count) receipts" }
    for receipt in receipts {
      for head in node.disk.state.frontier {
        guard let author = numbers[head.coalition], !nodes[author].isSetBack else { continue }
        let entry = receipt.entry(of: head.coalition)
        guard entry?.headHash == head.hash, entry?.state == .applied else {
          return
            "\(node.coalition) has no receipt of \(receipt.coalition) for \(head): \(entry?.index ?? 0) \(entry?.state ?? .applied), \(holdsText(receipt.coalition, head.coalition))"
        }
      }
    }
    return nil
  }

  private func holdsText(_ holder: CoalitionID, _ coalition: CoalitionID) -> String {
    numbers[holder].flatMap { nodes[$0].disk.state.holds[coalition]?.code } ?? "not held"
  }

  func checkAfterHealing() throws {
    for author in nodes where !author.isSetBack {
      let rows = author.disk.state.rows[author.coalition]?.all ?? []
      let expected = truth.expected[author.coalition, default: [:]]
      guard rows.count == expected.count, rows.allSatisfy({ expected[$0.key] == $0.statement }) else {
        throw Report.Violation(
          check: .nothingAcknowledgedLost,
          what: "\(author.coalition) states \(rows.count) of \(expected.count) statements that were acknowledged")
      }
      for holder in nodes {
        guard holder.disk.state.rows[author.coalition]?.all ?? [] == rows else {
          throw Report.Violation(
            check: .positionMatchesHead, what: "\(holder.coalition) holds other rows of \(author.coalition)")
        }
      }
    }
    for coalition in alliance.coalitions { try checkPosition(of: coalition, at: nodes[0]) }
    if settings.mostWaste > 0, report.newBytes > 20_000, report.waste > settings.mostWaste {
      throw Report.Violation(check: .bytesOnce, what: "\(report.bodyBytes) bytes came for \(report.newBytes) new ones")
    }
  }
}
