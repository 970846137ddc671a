internal import Alliance
internal import Keys
internal import Signing
public import Wire

/// What somebody wants changed, as they say it: by cards, ids and days. It becomes a `RosterChange` with what is known here.
public struct ProposedChange: Sendable {
  /// A text that was read, and where.
  public struct Document: Sendable {
    public let text: String
    public let file: String

    public init(text: String, file: String) {
      self.text = text
      self.file = file
    }
  }

  /// One record of a member; by its hash too, if two of the number were signed.
  public struct Pin: Sendable {
    public let coalition: CoalitionID
    public let number: UInt32
    public let hashPrefix: String
  }

  public struct Quota: Sendable {
    public let statements: UInt64
    /// Nil: as it is.
    public let liveBytes: UInt64?
  }

  /// Cards of newcomers, or files with the records of those who come back.
  public var admits: [Document] = []
  public var removes: [CoalitionID] = []
  public var quotas: [CoalitionID: Quota] = [:]
  public var wantsHashKey = false
  public var closes: [UInt32: UInt32] = [:]
  public var pins: [Pin] = []
  /// A card with the new identity key of a member.
  public var identities: [CoalitionID: Document] = [:]
  public var memberNames: [CoalitionID: String] = [:]
  public var allianceName: String?
  public var expires: UInt32?

  public init() {}

  /// With what the change needs besides: records of newcomers, and a new hash key that is nowhere yet but here.
  struct Resolved {
    var change = RosterChange()
    var newcomers: [MemberRecord] = []
    var hashKey: (key: SealedHashKey, commitment: String)?
  }

  /// - Parameter records: all that are known here, of former members too.
  /// - Throws: `Problem` that says which part cannot be.
  func resolve(_ membership: Membership, records: [MemberRecord], of coalition: CoalitionID) throws(Problem) -> Resolved
  {
    var resolved = Resolved()
    for (member, card) in identities.sorted(by: { $0.key < $1.key }) {
      resolved.change.identityKeys[member] = try identityKey(of: member, card, membership)
    }
    for document in admits {
      let (record, path) = try newcomer(document, membership, records)
      resolved.change.admits.append(record)
      resolved.newcomers += path
    }
    for member in removes {
      guard member != coalition else { throw Self.removesProposer(coalition, next: "let another member propose it") }
      let known = membership.record(of: member)?.epochs.last?.number ?? 1
      resolved.change.removes[member] = max(known, membership.roster.retiredEpoch(of: member), 1)
    }
    for (member, quota) in quotas {
      let before = membership.roster.member(member)?.quota ?? Roster.firstQuota
      resolved.change.quotas[member] = .init(
        statements: quota.statements, liveBytes: quota.liveBytes ?? before.liveBytes)
    }
    for pin in pins { resolved.change.pins.append(try record(pin, records, membership)) }
    // From the pin on the new key signs, so what the old one signed last is pinned, unless somebody says otherwise.
    for member in identities.keys.sorted() where !pins.contains(where: { $0.coalition == member }) {
      guard membership.roster.member(member) != nil, let newest = membership.record(of: member) else { continue }
      resolved.change.pins.append(newest)
    }
    resolved.change.closes = closes
    resolved.change.names = memberNames
    resolved.change.allianceName = allianceName
    resolved.change.expires = expires
    // Who goes knows the hash key.
    if wantsHashKey || !removes.isEmpty {
      let made = try Self.hashKey(after: membership, of: coalition)
      resolved.hashKey = (made.key, made.commitment.hex)
      resolved.change.hashKey = made.commitment
    }
    return resolved
  }

  /// Whoever proposes a removal makes the hash key that comes with it, and who goes must not have that one.
  static func removesProposer(_ coalition: CoalitionID, next: String) -> Problem {
    Problem(
      "removes-proposer", "who proposes a removal makes the new hash key, and who goes must not know it",
      object: "\(coalition)", next: next)
  }

  private static func hashKey(
    after membership: Membership, of coalition: CoalitionID
  ) throws(Problem) -> (key: SealedHashKey, commitment: ObjectHash) {
    guard let ours = membership.record(of: coalition) else {
      throw Problem("record-unknown", "our own records are not all here", object: "\(coalition)", next: "vaka doctor")
    }
    let (nonce, key) = (FreshKeys.bytes(HashKeyCommitment.nonceBytes), FreshKeys.bytes(32))
    let epoch = UInt32(clamping: membership.roster.hashKeys.count + 1)
    let commitment = HashKeyCommitment(keyEpoch: epoch, nonce: nonce, key: key)
    let sealed = try HashKeySeal.seal(nonce: nonce, key: key, keyEpoch: epoch, to: ours, in: membership.alliance)
    return (sealed, commitment.commitment)
  }

  private func record(_ pin: Pin, _ records: [MemberRecord], _ membership: Membership) throws(Problem) -> MemberRecord {
    let all = records + (membership.chains[pin.coalition]?.records ?? [])
    let found = Set(
      all.filter {
        $0.coalition == pin.coalition && $0.number == pin.number && $0.hash.hex.hasPrefix(pin.hashPrefix)
      })
    let name = "record \(pin.number) of \(pin.coalition)"
    guard let record = found.first else {
      throw Problem(
        "record-unknown", "no such record is known here", object: name,
        next: "see them: vaka alliance record export \(pin.coalition)")
    }
    guard found.count == 1 else {
      let hashes = found.map { String($0.hash.hex.prefix(12)) }.sorted().joined(separator: " or ")
      throw Problem(
        "record-conflict", "two records of this number were signed", object: name,
        next: "say which one holds: --pin \(pin.coalition):\(pin.number):HASH, where HASH is \(hashes)")
    }
    return record
  }
}
