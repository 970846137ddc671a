internal import FoundationEssentials
internal import Ledger
internal import Operations
internal import SwiftProtobuf
internal import Verdicts
internal import Wire

extension FuzzTarget {
  /// Statements of any kind on one indicator: judged, folded and told. Correctly signed, they reach every node within a second.
  func judgeStatements(_ bytes: [UInt8]) throws {
    var choices = Choices(bytes)
    let today = UInt32(choices.byte()) << 24 | UInt32(choices.byte()) << 16 | UInt32(choices.byte())
    let coalitions = ["se", "no", "us"].compactMap { CoalitionID($0) }
    var sources: [Verdict.Source] = []
    for _ in 0..<6 where choices.areLeft {
      let facet = choices.byte()
      let who = choices.one(of: coalitions)
      let isHonest = choices.byte() < 128
      let size = Int(choices.byte())
      let statement = isHonest ? choices.damaged(Self.listing) : choices.taken(size)
      guard let who, let key = StatementKey([facet] + [UInt8](repeating: 7, count: 32)) else { continue }
      let row = Row(key: key, salt: [UInt8](repeating: 1, count: Row.saltBytes), statement: statement)
      let reason = ContentRule.reasonToQuarantine(row)
      try BrokenPromise.check(reason == ContentRule.reasonToQuarantine(row), "a statement is judged the same twice")
      let reading = ContentRule.read(row)
      try BrokenPromise.check(
        (1..<max(reading.keyEpoch, 2)).contains(reading.previous?.keyEpoch ?? 1), "a digest before is of an older key")
      guard reason == nil, let content = Self.content(of: row) else { continue }
      sources.append(Verdict.Source(coalition: who, content: content))
      if case .listing(let listing) = content {
        try BrokenPromise.check(!CodeName.of(listing.reason).isEmpty, "what counts has a name")
        for day in [listing.validFrom, listing.validUntil, listing.observedFrom, listing.observedUntil] {
          _ = Day.text(day)
        }
      }
    }
    for policy in Policy.builtIn {
      let verdict = Verdict.fold(sources, today: today, policy: policy)
      try BrokenPromise.check(
        verdict == Verdict.fold(sources.reversed() + sources, today: today, policy: policy),
        "the order and number of statements say nothing")
      guard let verdict else { continue }
      try BrokenPromise.check(
        verdict.coalitions.count > 1 || verdict.ceiling <= .review, "a single source leads to a review at most")
      try BrokenPromise.check(
        verdict.disputedBy.isEmpty || verdict.ceiling == .monitor, "what is disputed is only watched")
    }
  }

  private static func content(of row: Row) -> Verdict.Source.Content? {
    switch row.key.facet {
    case .sighting: (try? WireSighting(serializedBytes: row.statement)).map { .sighting($0) }
    case .dispute: (try? WireDispute(serializedBytes: row.statement)).map { .dispute($0) }
    default: row.listing.map { .listing($0) }
    }
  }

  private static let listing: [UInt8] = {
    var listing = WireListing()
    listing.type = .iban
    (listing.keyEpoch, listing.normaliser) = (1, 1)
    (listing.reason, listing.role, listing.provenance, listing.handling) = (.csamSale, .payee, .police, .green)
    (listing.validFrom, listing.validUntil, listing.confidence) = (20_000, 21_000, 80)
    (listing.country, listing.caseReference) = ("SE", "A-1")
    return (try? listing.serializedBytes()) ?? []
  }()
}
