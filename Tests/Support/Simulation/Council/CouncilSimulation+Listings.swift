internal import Alliance
internal import FoundationEssentials
internal import Indicators
internal import Ledger
internal import Replication
internal import Seeded
internal import SwiftProtobuf
internal import Wire

/// What is listed while hash keys come and go, and what must hold of it.
extension CouncilSimulation {
  /// Somebody lists or withdraws a few of a few sellers.
  func change(_ node: CouncilNode) throws {
    guard node.isUp else { return }
    for _ in 0...random.below(5) {
      let seller = Int(random.below(UInt64(Sellers.all.count)))
      let mark = random.bytes(16)
      let isListed = !random.happens(oneIn: 4)
      do {
        guard let key = Self.name(of: seller),
          try isListed ? node.list(seller, marked: mark, at: now) : node.withdraw(seller, at: now)
        else { continue }
        truth.acknowledge(isListed ? .put(key, mark) : .remove(key), of: node.coalition, at: now)
      } catch let problem as Problem where problem.code == "disk-full" { return }
    }
    planDue(node)
  }

  /// A name for a seller that hangs on no hash key.
  private static func name(of seller: Int) -> StatementKey? {
    StatementKey([Facet.listing.rawValue, UInt8(seller)] + [UInt8](repeating: 0, count: 31))
  }

  func rehash(_ node: CouncilNode) throws {
    guard node.isUp else { return }
    outcome.moves += try node.rehash(at: now)
  }

  /// Under whichever key, each is found and stands once.
  func checkListings(at node: CouncilNode) throws {
    for author in nodes where node.roster.member(author.coalition) != nil {
      var seen: Set<Int> = []
      for row in node.machine.disk.state.rows[author.coalition]?.all ?? [] {
        try checkFound(row, of: author, at: node)
        let reading = ContentRule.read(row)
        let named = [reading.keyEpoch] + (reading.previous.map { [$0.keyEpoch] } ?? [])
        // What stands under closed keys alone matches nowhere, and is listed anew.
        guard let seller = row.key.digest.flatMap({ sellers[$0] }),
          named.contains(where: author.openHashKeys(at: now).contains)
        else { continue }
        // What waits in an older image is signed again, until it is moved as well.
        guard seen.insert(seller).inserted || isUncertain(author) else {
          throw Report.Violation(
            check: .listedOnce, what: "\(author.coalition) lists seller \(seller) twice at \(node.coalition)")
        }
      }
    }
    try checkOwn(node)
  }

  /// Whether its store was set back, or somebody else signs in its name.
  private func isUncertain(_ author: CouncilNode) -> Bool {
    mayLose.contains(author.coalition) || truth.mayFork.contains(author.coalition)
  }

  private func checkFound(_ row: Row, of author: CouncilNode, at node: CouncilNode) throws {
    let reading = ContentRule.read(row)
    // What a thief has signed is none.
    guard reading.keyEpoch > 0 else { return }
    guard !isUncertain(author), author.isUp, author.roster.number == node.roster.number else { return }
    let open = node.openHashKeys(at: now)
    let named = [reading.keyEpoch] + (reading.previous.map { [$0.keyEpoch] } ?? [])
    guard named.contains(where: open.contains) || isBehind(node, author, reading.keyEpoch) else {
      throw Report.Violation(
        check: .foundByOpenKey,
        what: "a listing of \(author.coalition) at \(node.coalition) is under closed hash keys \(named) alone")
    }
    // The newest may not be here yet; the oldest is, and finds what was moved.
    guard let oldest = open.min(), reading.keyEpoch > oldest, node.hashKeys[oldest] != nil,
      node.hashKeys[reading.keyEpoch] == nil, reading.previous.map({ open.contains($0.keyEpoch) }) ?? true
    else { return }
    guard reading.previous?.keyEpoch == oldest else {
      throw Report.Violation(
        check: .foundByOpenKey,
        what: "a listing of \(author.coalition) under \(named) is not found at \(node.coalition) by hash key \(oldest)")
    }
  }

  /// Whether it has not yet applied what its author had moved when the key was closed.
  private func isBehind(_ node: CouncilNode, _ author: CouncilNode, _ epoch: UInt32) -> Bool {
    if planted(.oldKeyClosedEarly) { return false }
    let closing = leftAt.filter { $0.key >= epoch }.min { $0.key < $1.key }
    guard let head = closing?.value[author.coalition], let held = node.head(of: author.coalition) else { return true }
    return head.isAfter(held)
  }

  /// What it lists, with what waits to be signed, is what was acknowledged.
  private func checkOwn(_ node: CouncilNode) throws {
    guard !mayLose.contains(node.coalition), node.machine.process?.gate.isOpen ?? false else { return }
    var keys = Set(node.ownRows.map(\.key))
    for change in node.machine.disk.state.queue {
      switch change.content {
      case .put(let key, _): keys.insert(key)
      case .remove(let key): keys.remove(key)
      }
    }
    let listed = Set(keys.compactMap { $0.digest.flatMap { sellers[$0] } }).sorted()
    let expected = truth.expected[node.coalition, default: [:]].keys.map { Int($0.bytes[1]) }.sorted()
    guard listed == expected else {
      throw Report.Violation(
        check: .nothingAcknowledgedLost, what: "\(node.coalition) lists \(listed), and \(expected) was acknowledged")
    }
  }

  // MARK: in the end

  /// What has not come to its end at a member; nil: nothing.
  func openListings(of node: CouncilNode) -> String? {
    let open = node.openHashKeys(at: now).sorted()
    let missing = node.missingHashKeys.intersection(open).sorted()
    guard missing.isEmpty else { return "\(node.coalition) has not hash keys \(missing)" }
    guard open.count == 1, let newest = open.first else { return "hash keys \(open) are open" }
    let old = node.ownRows.count {
      guard $0.key.facet == .listing else { return false }
      let reading = ContentRule.read($0)
      return reading.keyEpoch != newest || reading.previous != nil
    }
    return old == 0 ? nil : "\(node.coalition) has \(old) listings that are not under hash key \(newest) alone"
  }

  func checkListingsInTheEnd() throws {
    for author in nodes where author.isUp && author.isMember && author.roster.number == newest {
      let newest = author.roster.hashKeys.count
      var marks: [StatementKey: [UInt8]] = [:]
      for row in author.ownRows where row.key.facet == .listing {
        let listing = try WireListing(serializedBytes: row.statement)
        guard Int(listing.keyEpoch) == newest, listing.previousDigest.isEmpty else {
          throw Report.Violation(
            check: .underNewestKey, what: "\(author.coalition) lists under \(listing.keyEpoch), \(newest) is newest")
        }
        if let key = row.key.digest.flatMap({ sellers[$0] }).flatMap(Self.name) { marks[key] = Array(listing.group) }
      }
      guard mayLose.contains(author.coalition) || marks == truth.expected[author.coalition, default: [:]] else {
        throw Report.Violation(
          check: .nothingAcknowledgedLost,
          what: "\(author.coalition) lists other than the \(truth.expected[author.coalition]?.count ?? 0) acknowledged")
      }
    }
  }
}
