internal import Alliance
internal import Signing
internal import Wire

extension ProposedChange {
  /// The record that the roster is to pin, and those before it.
  func newcomer(
    _ document: Document, _ membership: Membership, _ known: [MemberRecord]
  ) throws(Problem) -> (MemberRecord, path: [MemberRecord]) {
    let read = try Self.records(in: document)
    guard let newest = read.max(by: { $0.number < $1.number }), read.allSatisfy({ $0.coalition == newest.coalition })
    else {
      throw Problem(
        "card-unreadable", "it holds the records of several coalitions, or none", object: document.file,
        next: "take one coalition's: vaka alliance record export ID")
    }
    let coalition = newest.coalition
    guard membership.roster.member(coalition) == nil else {
      throw Problem(
        "already-member", "this coalition is a member", object: "\(coalition)",
        next: "for a new identity key: --identity \(coalition):CARD")
    }
    guard let last = membership.rosters.tenures(of: coalition).last else {
      return (newest, read.sorted { $0.number < $1.number })
    }
    return try returning(newest, read + known.filter { $0.coalition == coalition }, last, membership)
  }

  /// Who was a member before goes on with its records from the ones that were pinned. Its next epoch it opens when it is back.
  private func returning(
    _ newest: MemberRecord, _ records: [MemberRecord], _ last: Tenure, _ membership: Membership
  ) throws(Problem) -> (MemberRecord, path: [MemberRecord]) {
    let coalition = newest.coalition
    let pinned = membership.rosters.rosters.compactMap { $0.member(coalition)?.recordNumber }.max() ?? 1
    guard newest.number >= pinned, newest.identityKey == last.identityKey else {
      throw Problem(
        "newcomer-returns", "it was a member before, and its records go on from record \(pinned)",
        object: "\(coalition)",
        next: "take its records: vaka alliance record export \(coalition) > FILE, then --admit FILE; "
          + "if its identity key is lost: also --identity \(coalition):CARD with the card of its new one")
    }
    let byHash = Dictionary(records.map { ($0.hash, $0) }) { first, _ in first }
    var (path, wanted): ([MemberRecord], ObjectHash?) = ([], newest.hash)
    while let hash = wanted {
      guard let record = byHash[hash], path.last.map({ record.number < $0.number }) ?? true else {
        throw Problem(
          "record-unknown", "its records are not all here", object: "\(coalition)",
          next: "let it send them all: vaka alliance record export \(coalition)")
      }
      path.append(record)
      wanted = record.previous
    }
    return (newest, path.reversed())
  }

  func identityKey(
    of coalition: CoalitionID, _ document: Document, _ membership: Membership
  ) throws(Problem) -> VerifyingKey {
    guard let record = try Self.records(in: document).max(by: { $0.number < $1.number }),
      record.coalition == coalition
    else {
      throw Problem("card-unreadable", "it is not a card of \(coalition)", object: document.file)
    }
    if let member = membership.roster.member(coalition), member.identityKey == record.identityKey {
      throw Problem(
        "nothing-to-propose", "this is the identity key that it has", object: "\(coalition)",
        next: "let it make a new one, in an empty folder: vaka init \(coalition) --home FOLDER; and send that card")
    }
    return record.identityKey
  }

  /// A card has one record; a file of records has them all.
  private static func records(in document: Document) throws(Problem) -> [MemberRecord] {
    if document.text.contains(Armour.records.rawValue) {
      return try RecordsFile.read(document.text, file: document.file)
    }
    return [try CoalitionCard(text: document.text, file: document.file).record]
  }
}
