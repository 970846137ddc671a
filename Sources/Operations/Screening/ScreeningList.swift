internal import Indicators
internal import Ledger
internal import Verdicts
public import Wire

/// How fresh a list is, and who could not be heard.
public struct ListFreshness: Sendable, Codable {
  /// Seconds since any peer of the node last answered; nil if none ever did.
  public let asOfSeconds: UInt64?
  /// Peers that had not answered for six minutes.
  public let stalePeers: Int
  public let peers: Int
  /// Coalitions that are kept at an older head, whose listings may be out of date.
  public let held: [CoalitionID]
  /// For a member's copy: who made it, and how many seconds ago.
  public var madeBy: CoalitionID?
  public var madeSecondsAgo: UInt64?
  /// A copy is older than a day, or older than one that was used here before.
  public var isOld: Bool?
  /// Hash keys that are open and not here: what is listed under them alone does not match.
  public var missingHashKeys: [UInt32]?
}

/// What a list says of an indicator.
public struct ListFinding: Sendable, Codable, Hashable {
  public let verdict: String
  /// The most that may be done on it.
  public let ceiling: String
  public let corroboratedBy: [CoalitionID]
  public let reasons: [String]
  public let reference: String
  /// What a guard found here, which leaves no more than `monitor`.
  public var guardedBy: GuardNote?
}

/// What identifiers are screened against: the view of a node, or the copy that a coalition made for a member.
protocol ScreeningList {
  /// One for each open hash key.
  var functions: [DigestFunction] { get }

  /// Which digests may be listed, in memory.
  func index() throws -> PrefixIndex

  /// The same, read on another thread: of this moment, or of a later one.
  func indexAhead() -> Ahead<PrefixIndex>

  /// Begins to read, on another thread, what the first finding will need.
  func prepare()

  /// What all say of one indicator together. Nil if it is not listed, or no listing holds today.
  /// - Parameter digests: of the indicator, under one hash key after the other, the oldest first; not all need be given.
  func finding(on digests: [IndicatorDigest]) throws -> (digest: IndicatorDigest, finding: ListFinding)?

  /// Changes when the list does, and with each day.
  func state() throws -> [UInt8]

  /// The digests that are spoken of and begin so.
  func digests(beginning leading: LeadingBytes) throws -> [IndicatorDigest]
}

/// A list that can be looked at again and again, each time as it is at that moment.
protocol ScreeningSource {
  /// One for each open hash key.
  var functions: [DigestFunction] { get }

  /// - Parameter now: milliseconds since 1970.
  func read<Result>(at now: UInt64, _ body: (any ScreeningList) throws -> Result) throws -> Result

  func freshness(at now: UInt64) throws -> ListFreshness

  /// What matches too much to be believed.
  func hitRateGuard() throws -> HitRateGuard

  /// Whether one of the digests of a single value is listed.
  func ask(_ question: ListQuestion, at now: UInt64) throws -> ListAnswer
}

extension ScreeningSource {
  func ask(_ question: ListQuestion, at now: UInt64) throws -> ListAnswer { try lookUp(question.digests, at: now) }

  func lookUp(_ digests: [IndicatorDigest], at now: UInt64) throws -> ListAnswer {
    let freshness = try freshness(at: now)
    return try read(at: now) { list in ListAnswer(try list.finding(on: digests), freshness: freshness) }
  }
}
