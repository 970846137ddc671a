internal import Alliance
internal import Ledger
internal import Replication
internal import Signing
internal import Wire

/// What must hold of positions, whatever rosters do meanwhile: counted from the rosters themselves.
extension CouncilSimulation {
  /// Whether a head counts by the roster in force at a node.
  private func counts(_ head: HeadReference, at node: CouncilNode) -> Bool {
    node.roster.member(head.coalition) != nil
      && (node.roster.retired.first { $0.coalition == head.coalition }?.lastEpoch ?? 0) < head.epoch
  }

  // MARK: whenever it happens

  func noteSigned(_ name: HeadReference, _ machine: SimulatedNode) throws {
    let entry = try machine.disk.read {
      try $0.entry(of: name.coalition, epoch: name.epoch, index: name.index)
    }
    guard let entry else { throw Report.Violation(check: .noError, what: "\(name) was signed and is not there") }
    outcome.heads += 1
    trace.note("\(name) signed", at: now)
    guard counts(name, at: nodes[machine.index]) else {
      throw Report.Violation(check: .retiredEpochEnds, what: "\(name) was signed, and does not count any more")
    }
    try truth.signed(entry.head)
  }

  func checkApplied(_ head: HeadReference, _ machine: SimulatedNode) throws {
    let node = nodes[machine.index]
    trace.note("\(node.coalition) applies \(head)", at: now)
    guard truth.wasSigned(head) else {
      throw Report.Violation(check: .onlyWhatWasSigned, what: "\(node.coalition) applied \(head), never signed")
    }
    guard node.roster.member(head.coalition) != nil else {
      throw Report.Violation(check: .onlyMembersStored, what: "\(node.coalition) applied \(head) of no member")
    }
    guard counts(head, at: node) else {
      throw Report.Violation(check: .retiredEpochEnds, what: "\(node.coalition) applied \(head)")
    }
  }

  /// Nothing is stored of who is no member, and nothing from before somebody came back. A full disk holds it up.
  func checkStored(at node: CouncilNode) throws {
    guard node.isUp, node.forgetDue == .max else { return }
    let state = node.machine.disk.state
    let places: [(String, [CoalitionID])] = [
      ("a position", Array(state.positions.keys)), ("rows", Array(state.rows.keys)),
      ("heads", Array(state.heads.keys)), ("a copy", Array(state.copies.keys)),
      ("rows of a copy", Array(state.copiedRows.keys)), ("a receipt", state.receipts.map(\.receipt.coalition)),
      ("a hold", Array(state.holds.keys)),
    ]
    for (what, coalitions) in places {
      for coalition in coalitions.sorted() where coalition != node.coalition && node.roster.member(coalition) == nil {
        throw Report.Violation(
          check: .onlyMembersStored, what: "\(node.coalition) keeps \(what) of \(coalition), which is no member")
      }
    }
    for receipt in state.receipts.map(\.receipt) where receipt.coalition != node.coalition {
      guard receipt.epoch > node.roster.retiredEpoch(of: receipt.coalition) else {
        throw Report.Violation(
          check: .retiredEpochEnds,
          what: "\(node.coalition) keeps a receipt of epoch \(receipt.epoch) of \(receipt.coalition)")
      }
    }
    for head in state.frontier where head.coalition != node.coalition && !counts(head, at: node) {
      throw Report.Violation(check: .retiredEpochEnds, what: "\(node.coalition) keeps \(head)")
    }
  }

  func checkServed(_ served: Served, to asker: CouncilNode, by node: CouncilNode) throws {
    guard case .answer(let answer, _) = served else { return }
    // That mistake is scored by what becomes of keys alone.
    guard node.roster.member(asker.coalition) != nil || planted(.newKeyToRemoved) else {
      throw Report.Violation(
        check: .membersOnlyAreTold, what: "\(node.coalition) answers \(asker.coalition), which is no member")
    }
    guard case .heads(let page) = answer else { return }
    for entry in page.heads {
      let head = entry.head.reference
      guard node.forgetDue != .max || head.coalition == node.coalition || counts(head, at: node) else {
        throw Report.Violation(check: .onlyMembersStored, what: "\(node.coalition) shows \(head)")
      }
      if head.isAfter(node.machine.shown[head.coalition]) { node.machine.shown[head.coalition] = head }
    }
    if page.rosters != nil { node.told = (node.roster.number, node.known?.bytes ?? []) }
  }

  /// Whatever was told to somebody is there after a crash.
  func checkStart(_ node: CouncilNode) throws {
    for (coalition, head) in node.machine.shown.sorted(by: { $0.key < $1.key })
    where counts(head, at: node) && head.isAfter(node.head(of: coalition)) {
      throw Report.Violation(check: .shownIsDurable, what: "\(node.coalition) has lost \(head), which it has shown")
    }
    guard node.told.roster <= node.roster.number else {
      throw Report.Violation(
        check: .saidIsDurable, what: "\(node.coalition) has told of roster \(node.told.roster), and has lost it")
    }
    guard node.told.roster == node.roster.number, let known = node.known,
      let told = try? Deliberation.read(bytes: node.told.said, after: node.chain).deliberation
    else { return }
    guard try known.merging(told).bytes == known.bytes else {
      throw Report.Violation(
        check: .saidIsDurable, what: "\(node.coalition) has lost what it has told of the next roster")
    }
  }

  /// Above the pin of the roster in force, records are signed by the identity key that it names.
  func checkIdentities(at node: CouncilNode) throws {
    for member in node.roster.members {
      let records = node.machine.membership.chains[member.coalition]?.records ?? []
      for record in records where record.number > member.recordNumber && record.identityKey != member.identityKey {
        throw Report.Violation(
          check: .identityOfRoster,
          what: "\(node.coalition) takes record \(record.number) of \(member.coalition), signed by another key")
      }
    }
  }

  func checkPosition(of coalition: CoalitionID, at node: CouncilNode) throws {
    guard let position = node.machine.disk.state.positions[coalition], let head = position.head else { return }
    let rows = node.machine.disk.state.rows[coalition]?.all ?? []
    var recomputed = LiveDigest()
    try recomputed.change(adding: rows.map(\.leaf), subtracting: [])
    guard recomputed == position.digest, position.digest.hash == truth.digest(at: head),
      UInt64(rows.count) == position.statements
    else {
      throw Report.Violation(check: .positionMatchesHead, what: "\(node.coalition) holds \(head) with other rows")
    }
  }

  // MARK: in the end

  func checkPositionsInTheEnd() throws {
    let members = nodes.filter { $0.isUp && $0.isMember && $0.roster.number == newest }
    for author in members {
      let rows = author.machine.disk.state.rows[author.coalition]?.all ?? []
      for holder in members {
        try checkPosition(of: author.coalition, at: holder)
        guard holder.machine.disk.state.rows[author.coalition]?.all ?? [] == rows else {
          throw Report.Violation(
            check: .positionMatchesHead, what: "\(holder.coalition) holds other rows of \(author.coalition)")
        }
      }
    }
  }
}
