internal import FoundationEssentials
public import Indicators
internal import SwiftProtobuf
public import Wire

/// What a member's copy holds once it is opened: the hash keys, and for every indicator that is listed what the alliance says of it.
/// 36 bytes an entry in memory.
public struct MemberListContent: Sendable {
  /// What is said, of many entries the same.
  public struct Saying: Sendable, Hashable {
    public let verdict: String
    public let ceiling: String
    public let reasons: [String]
    public let coalitions: [CoalitionID]
    /// UTC day since 1970, inclusive.
    public let validUntil: UInt32

    public init(
      verdict: String, ceiling: String, reasons: [String], coalitions: [CoalitionID], validUntil: UInt32
    ) {
      self.verdict = verdict
      self.ceiling = ceiling
      self.reasons = reasons
      self.coalitions = coalitions
      self.validUntil = validUntil
    }
  }

  /// So that a part with its digests stays below a mebibyte.
  private static let entriesOfPart = 25_000

  public let keys: [HashKey]
  private var sayings: [Saying] = []
  private var numbers: [Saying: UInt32] = [:]
  /// 32 bytes each, ascending.
  private var digests: [UInt8] = []
  private var says: [UInt32] = []

  public init(keys: [HashKey]) { self.keys = keys }

  public var count: Int { says.count }

  /// Adds an entry; digests come in ascending order.
  /// - Throws: `Problem` `internal` for one that does not.
  public mutating func append(_ digest: IndicatorDigest, _ saying: Saying) throws(Problem) {
    if let last = self.digest(at: count - 1), last >= digest {
      throw Problem("internal", "the entries of a list are not in order", next: "report this; no list was made")
    }
    digests += digest.bytes
    if numbers[saying] == nil {
      numbers[saying] = UInt32(sayings.count)
      sayings.append(saying)
    }
    says.append(numbers[saying] ?? 0)
  }

  public func digest(at place: Int) -> IndicatorDigest? {
    says.indices.contains(place) ? IndicatorDigest(in: digests, at: place * IndicatorDigest.byteCount) : nil
  }

  public func saying(at place: Int) -> Saying? { says.indices.contains(place) ? sayings[Int(says[place])] : nil }

  /// The first entry whose digest does not come before this one; `count` if there is none.
  public func place(notBefore digest: IndicatorDigest) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if let found = self.digest(at: middle), found < digest { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension MemberListContent {
  /// As the parts that are sealed; at least one.
  func parts() -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var (start, sayingsGiven) = (0, 0)
    repeat {
      let end = min(start + Self.entriesOfPart, count)
      var wire = WireMemberListPart()
      if start == 0 { wire.keys = keys.map(Self.wire) }
      wire.digests = Data(digests[start * IndicatorDigest.byteCount..<end * IndicatorDigest.byteCount])
      wire.says = Array(says[start..<end])
      let sayingsNeeded = max(sayingsGiven, (wire.says.max().map { Int($0) + 1 }) ?? 0)
      wire.sayings = sayings[sayingsGiven..<sayingsNeeded].map(Self.wire)
      parts.append((try? wire.serializedBytes()) ?? [])
      (start, sayingsGiven) = (end, sayingsNeeded)
    } while start < count
    return parts
  }

  /// Nil if the parts are not those of a list.
  public init?(parts: [[UInt8]]) {
    var keys: [HashKey] = []
    var (sayings, digests, says): ([Saying], [UInt8], [UInt32]) = ([], [], [])
    for part in parts {
      guard let wire = try? WireMemberListPart(serializedBytes: part) else { return nil }
      for key in wire.keys {
        guard let key = HashKey(epoch: key.epoch, bytes: key.key) else { return nil }
        keys.append(key)
      }
      sayings += wire.sayings.map(Self.saying)
      guard wire.digests.count == wire.says.count * IndicatorDigest.byteCount,
        wire.says.allSatisfy({ Int($0) < sayings.count })
      else { return nil }
      digests += wire.digests
      says += wire.says
    }
    self.init(keys: keys)
    (self.sayings, self.digests, self.says) = (sayings, digests, says)
    guard !keys.isEmpty, isAscending else { return nil }
  }

  private var isAscending: Bool {
    var last: IndicatorDigest?
    for place in 0..<count {
      guard let digest = digest(at: place) else { return false }
      if let last, last >= digest { return false }
      last = digest
    }
    return true
  }

  private static func wire(_ key: HashKey) -> WireMemberListKey {
    var wire = WireMemberListKey()
    wire.epoch = key.epoch
    wire.key = key.withUnsafeBytes { Data($0) }
    return wire
  }

  private static func wire(_ saying: Saying) -> WireMemberListSaying {
    var wire = WireMemberListSaying()
    wire.verdict = saying.verdict
    wire.ceiling = saying.ceiling
    wire.reasons = saying.reasons
    wire.coalitions = saying.coalitions.map(\.rawValue)
    wire.validUntil = saying.validUntil
    return wire
  }

  private static func saying(_ wire: WireMemberListSaying) -> Saying {
    Saying(
      verdict: wire.verdict, ceiling: wire.ceiling, reasons: wire.reasons,
      coalitions: wire.coalitions.compactMap { CoalitionID($0) }, validUntil: wire.validUntil)
  }
}
