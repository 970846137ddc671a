internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// What must hold of member records, and the operators who release those that are held.
extension CouncilSimulation {
  private static let day: UInt64 = 86_400_000

  /// What is held is not kept, nor what follows nothing that is here: it is asked for again.
  func noteShown(
    _ records: [MemberRecord], of coalition: CoalitionID, _ stored: CouncilNode.Stored, at node: CouncilNode
  ) {
    if case .held = stored { return }
    let known = Set((node.machine.membership.chains[coalition]?.records ?? []).map(\.hash))
    for record in records where record.coalition == coalition {
      guard let previous = record.previous, known.contains(previous) else { continue }
      node.shownRecords[record.hash] = record
    }
  }

  func checkRecords(of coalition: CoalitionID, at node: CouncilNode) throws {
    guard coalition != node.coalition else { return }
    let pinned = node.roster.member(coalition)?.recordNumber ?? 0
    let records = node.machine.membership.chains[coalition]?.records ?? []
    let known = Dictionary(grouping: node.shownRecords.values.filter { $0.coalition == coalition }, by: \.number)
    for record in records where record.number > pinned {
      let other = known[record.number]?
        .first {
          $0.hash != record.hash && $0.previous == record.previous && $0.identityKey == record.identityKey
        }
      guard other == nil else {
        throw Report.Violation(
          check: .neitherRecordCounts,
          what: "\(node.coalition) takes record \(record.number) of \(coalition), and was shown another one")
      }
    }
    let came = node.recordsCame[coalition, default: []].count { $0 + Self.day > now }
    guard came <= 4 else {
      throw Report.Violation(
        check: .floodWaits, what: "\(node.coalition) takes \(came) records of \(coalition) within a day")
    }
  }

  /// Once nobody else has the identity key, what is held may pass.
  func releaseRecords(at node: CouncilNode) throws {
    for coalition in node.heldRecords {
      guard let number = numbers[coalition], !nodes[number].isRobbed, !node.machine.disk.isFull else { continue }
      node.releaseRecords(of: coalition, at: now)
      trace.note("\(node.coalition) releases records of \(coalition)", at: now)
      try feed(.released(coalition), to: node)
    }
  }

  func letHeldRecordsPass(at node: CouncilNode) throws {
    for (coalition, watch) in node.machine.disk.state.watches.sorted(by: { $0.key < $1.key })
    where RecordFlood.isOver(watch, now: now) {
      node.releaseRecords(of: coalition, at: now)
      try feed(.released(coalition), to: node)
    }
  }
}
