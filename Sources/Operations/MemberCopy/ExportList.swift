public import Alliance
internal import Audit
internal import Indicators
internal import Keys
internal import Ledger
internal import Signing
internal import Store
internal import Verdicts
internal import Wire

/// `vaka list export`: the member's copy. Signed by the coalition, sealed for one member, with the hash keys inside, so that the member
/// screens in its own house; each export is recorded before the list is handed out.
public struct ExportList: Sendable, Codable {
  public let member: String
  /// Of the member's card: compare it by telephone.
  public let fingerprint: String
  public let entries: Int
  public let bytes: Int
  /// SHA-256 of the file.
  public let hash: String
  public let policy: String
  public let freshness: ListFreshness

  /// - Parameter now: milliseconds since 1970.
  /// - Returns: what is to be said of the list, and the list.
  /// - Throws: `Problem` `no-alliance`, `no-epoch`, `list-not-sealed`, or what a key file or store says.
  public static func run(_ home: NodeHome, for card: MemberCard, now: UInt64) throws -> (ExportList, file: [UInt8]) {
    let membership = try home.requireMembership()
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    let source = try NodeSource(home, ledger: ledger, now: now)
    let freshness = try source.freshness(at: now)
    let keys = try home.openHashKeys(on: Day.of(milliseconds: now)).keys
    var content = MemberListContent(keys: keys)
    let (policy, records) = try source.look(at: now) { list in
      let guards = try list.guards()
      let kept = KeptFindings<MemberListContent.Saying>()
      try list.view.eachIndicator(openKeys: Set(keys.map(\.epoch))) { digest, statements in
        let guarded = guards.finding(on: statements.digests(besides: digest))
        let saying = kept.finding(statements, guarded) {
          list.verdict(on: statements, guarded).map(MemberListContent.Saying.init)
        }
        if let saying { try content.append(digest, saying) }
      }
      let records = try list.view.records().filter { $0.coalition == home.coalition }
        .reduce(RecordChain(first: home.card.record)) { try $0.appending($1, in: membership.alliance) }
      return (list.policy.name, records)
    }
    guard let epoch = records.newest.epochs.last else {
      throw Problem("no-epoch", "the member record opens no signing epoch", object: home.coalition.rawValue)
    }
    let file = try MemberListFile(
      sealing: content, for: card, in: membership.alliance, records: records,
      key: SigningKeyFile.read(home.folder.signingKey(epoch: epoch.number)),
      facts: .init(
        madeAt: now, policy: policy, peers: freshness.peers, stalePeers: freshness.stalePeers,
        held: freshness.held, heardAt: freshness.asOfSeconds.map { now - min(now, $0 * 1_000) }))
    let bytes = try file.bytes()
    let answer = ExportList(
      member: card.member.rawValue, fingerprint: card.fingerprint.description, entries: content.count,
      bytes: bytes.count, hash: ObjectHash(sha256: bytes).hex, policy: policy, freshness: freshness)
    try AuditTrail(home.folder).write(
      AuditNote(
        .listExported, on: "member \(answer.member) \(answer.fingerprint)", after: "sha256:\(answer.hash)",
        count: answer.entries))
    let log = try ScreeningStore.open(home.folder.screening)
    defer { try? log.close() }
    try log.record(
      ListExport(
        madeAt: now, member: answer.member, card: answer.fingerprint, entries: answer.entries, hash: answer.hash))
    return (answer, bytes)
  }
}

extension MemberListContent.Saying {
  init(_ verdict: Verdict) {
    self.init(
      verdict: verdict.status.description, ceiling: verdict.ceiling.rawValue,
      reasons: verdict.reasons.map { CodeName.of($0) }, coalitions: verdict.coalitions, validUntil: verdict.validUntil)
  }
}
