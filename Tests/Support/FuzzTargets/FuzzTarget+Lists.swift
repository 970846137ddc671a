internal import Alliance
internal import AllianceBench
internal import Keys
internal import Operations
internal import Signing
internal import Verdicts
internal import Wire

extension FuzzTarget {
  /// Member records by hand: only what its coalition signed, and only what follows what is known, is taken.
  func readRecords(_ text: String) throws {
    guard let records = try? RecordsFile.read(text, file: "records") else { return }
    for record in records {
      try BrokenPromise.check(record.signed.isSigned(by: record.identityKey), "a record is signed by its identity key")
    }
    let known = try FuzzAlliance.shared.get().alliance.membership
    for coalition in known.roster.coalitions {
      var membership = known
      let identity = known.record(of: coalition)?.identityKey
      for record in (try? membership.extend(coalition, with: records)) ?? [] {
        try BrokenPromise.check(
          record.coalition == coalition && record.identityKey == identity, "a chain goes on by its coalition alone")
      }
    }
  }

  /// What is inside of a sealed list: some bytes give the size of a part, then follow its bytes.
  func readListContent(_ bytes: [UInt8]) throws {
    var choices = Choices(bytes)
    var parts: [[UInt8]] = []
    while choices.areLeft, parts.count < 8 {
      parts.append(choices.taken(Int(choices.byte()) << 8 | Int(choices.byte())))
    }
    guard let content = MemberListContent(parts: parts) else { return }
    for place in 0..<min(content.count, 64) {
      guard let digest = content.digest(at: place), content.saying(at: place) != nil else {
        throw BrokenPromise("an entry has its digest and what is said of it")
      }
      try BrokenPromise.check(content.place(notBefore: digest) == place, "an entry is found by its digest")
    }
    try BrokenPromise.check(
      content.saying(at: content.count) == nil && content.digest(at: -1) == nil, "beyond the entries there is nothing")
  }

  /// A policy from a file: whatever it says, one source alone blocks nothing.
  func readPolicy(_ bytes: [UInt8]) throws {
    guard let policy = try? AnswerFormat.decode(Policy.self, from: bytes), (try? policy.check()) != nil else { return }
    guard let written = try? AnswerFormat.encode(policy, pretty: true) else {
      throw BrokenPromise("a policy that was read can be written")
    }
    let again = try? AnswerFormat.decode(Policy.self, from: written)
    try BrokenPromise.check(again == policy, "a policy is read as it was written")
    guard let se = CoalitionID("se") else { return }
    var listing = WireListing()
    (listing.type, listing.reason, listing.provenance) = (.iban, .csamSale, .court)
    (listing.confidence, listing.validFrom, listing.validUntil) = (100, 1, 9)
    let verdict = Verdict.fold([.init(coalition: se, content: .listing(listing))], today: 5, policy: policy)
    try BrokenPromise.check((verdict?.ceiling ?? .monitor) <= .review, "a single source leads to a review at most")
  }
}
