public import Alliance
internal import FoundationEssentials
internal import Indicators
internal import Keys
internal import Ledger
internal import Signing
internal import Store
internal import Verdicts
public import Wire

/// Screening against the copy that a coalition made for this member, with no node and no network.
public struct MemberSource: ScreeningSource {
  /// A list older than this warns, in milliseconds.
  static let oldAfter: UInt64 = 86_400_000
  /// Under this name the log keeps of the newest list that this folder has seen its number of records and when it was made.
  private static let newestMark = "newest-list"

  private let content: MemberListContent
  private let file: MemberListFile
  private let hash: ObjectHash
  let functions: [DigestFunction]
  private let isBehind: Bool
  private let folder: NodeFolder

  /// Opens a list, and holds it to the coalition that this member has come to trust.
  /// - Parameters:
  ///   - confirm: asked once, with the fingerprint of the coalition's identity key, before the first list is taken.
  /// - Throws: `Problem` `not-a-list`, `list-altered`, `list-for-another`, `list-of-another-coalition`, `fingerprint-refused`,
  ///   or what the file system says.
  public init(
    _ home: MemberHome, list path: String,
    confirm: (_ coalition: CoalitionID, _ name: String, Fingerprint) throws -> Bool
  ) throws {
    let bytes = try DurableFile.read(path, noun: "list", atMost: 2 << 30)
    file = try MemberListFile(bytes: bytes, file: path)
    hash = ObjectHash(sha256: bytes)
    let first = file.records.first
    if let trusted = try home.trusted() {
      guard trusted.record == first else {
        throw Problem(
          "list-of-another-coalition",
          "this folder takes lists of \(trusted.record.coalition) with the identity "
            + "\(trusted.record.fingerprint), and this list is signed by \(first.coalition) \(first.fingerprint)",
          object: path, next: "do not use the list; ask your coalition by telephone")
      }
    } else {
      guard try confirm(first.coalition, first.name, first.fingerprint) else {
        throw Problem(
          "fingerprint-refused", "the list was not taken: the fingerprint is not confirmed", object: path,
          next: "compare \(first.fingerprint) with \(first.coalition) by telephone, then give it with --expect")
      }
    }
    let opened = try file.open(with: SealingKey(file: home.folder.sealingKey), of: home.card.member)
    if try home.trusted() == nil { try home.trust(first) }
    content = opened
    folder = home.folder
    functions = content.keys.map { DigestFunction(key: $0) }
    let log = try ScreeningStore.open(home.folder.screening)
    defer { try? log.close() }
    let ours = Newest(records: UInt32(clamping: file.records.records.count), madeAt: file.head.madeAt)
    let newest = try log.mark(Self.newestMark).flatMap { try? AnswerFormat.decode(Newest.self, from: $0) }
    if let newest, ours.records < newest.records {
      throw Problem(
        "list-altered", "the list is signed by a key that \(first.coalition) has replaced since", object: path,
        next: "ask the coalition for a new list")
    }
    isBehind = newest.map { ours.madeAt < $0.madeAt } ?? false
    if !isBehind { try log.setMark(Self.newestMark, AnswerFormat.encode(ours)) }
  }

  private struct Newest: Codable {
    let records: UInt32
    let madeAt: UInt64
  }

  func read<Result>(at now: UInt64, _ body: (any ScreeningList) throws -> Result) throws -> Result {
    try body(
      MemberList(
        content: content, functions: functions, hash: hash, today: Day.of(milliseconds: now),
        held: HitRate.held(in: folder)))
  }

  func hitRateGuard() -> HitRateGuard { .standard }

  func freshness(at now: UInt64) -> ListFreshness {
    let head = file.head
    return ListFreshness(
      asOfSeconds: head.heardAt.map { (now - min(now, $0)) / 1_000 }, stalePeers: head.stalePeers, peers: head.peers,
      held: head.held, madeBy: head.coalition, madeSecondsAgo: (now - min(now, head.madeAt)) / 1_000,
      isOld: isBehind || now - min(now, head.madeAt) > Self.oldAfter)
  }
}

/// What a member's copy says on a day.
struct MemberList: ScreeningList {
  let content: MemberListContent
  let functions: [DigestFunction]
  let hash: ObjectHash
  /// UTC days since 1970.
  let today: UInt32
  /// By the hit-rate guard of this folder.
  let held: [IndicatorDigest: GuardFinding]

  func index() -> PrefixIndex {
    PrefixIndex(ascending: (0..<content.count).compactMap { content.digest(at: $0)?.prefix })
  }

  func indexAhead() -> Ahead<PrefixIndex> { Ahead { [self] in index() } }

  func prepare() {}

  func finding(on digests: [IndicatorDigest]) -> (digest: IndicatorDigest, finding: ListFinding)? {
    // A copy says all that is said of an indicator under the oldest key that it holds.
    digests.lazy.compactMap { digest in finding(on: digest).map { (digest, $0) } }.first
  }

  private func finding(on digest: IndicatorDigest) -> ListFinding? {
    let place = content.place(notBefore: digest)
    guard content.digest(at: place) == digest, let saying = content.saying(at: place), saying.validUntil >= today else {
      return nil
    }
    return ListFinding(
      verdict: saying.verdict, ceiling: held[digest] == nil ? saying.ceiling : Action.monitor.rawValue,
      corroboratedBy: saying.coalitions, reasons: saying.reasons, reference: Reference.of(digest),
      guardedBy: held[digest].map { GuardNote($0) })
  }

  func state() -> [UInt8] { Array("\(today)".utf8) + hash.bytes }

  func digests(beginning leading: LeadingBytes) -> [IndicatorDigest] {
    guard let first = IndicatorDigest(leading, filling: 0) else { return [] }
    var found: [IndicatorDigest] = []
    var place = content.place(notBefore: first)
    while let digest = content.digest(at: place), digest.leading == leading {
      found.append(digest)
      place += 1
    }
    return found
  }
}
