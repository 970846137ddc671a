internal import FoundationEssentials
public import Indicators
internal import Ledger
internal import SwiftProtobuf
public import Wire

/// What a person says of the indicators that are added: everything of a listing but its identifier.
public struct ListingTemplate: Sendable {
  public var reason: WireReason
  public var provenance: WireProvenance
  public var role: WireSubjectRole
  public var handling: WireHandling
  public var permittedAction: WireAction
  public var confidence: UInt32?
  public var country: String
  public var caseReference: String
  /// UTC days since 1970, inclusive; nil for today, and for what is usual for the type.
  public var validFrom: UInt32?
  public var validUntil: UInt32?
  public var route: WirePaymentRoute = .unspecified
  /// The source's grade on the Admiralty scale, as given.
  public var sourceReliability: WireSourceReliability = .unspecified
  public var informationCredibility: WireInformationCredibility = .unspecified
  /// First and last day on which it was seen in use.
  public var observedFrom: UInt32?
  public var observedUntil: UInt32?
  /// 16 bytes that the listings of one sales operation share; empty for none.
  public var group: [UInt8] = []
  #if NEWER_KIND
    /// Makes it a statement of a kind that an older version does not know.
    public var trialRound: UInt32?
  #endif

  public init(
    reason: WireReason, provenance: WireProvenance, role: WireSubjectRole = .payee, handling: WireHandling = .green,
    permittedAction: WireAction = .unspecified, confidence: UInt32? = nil, country: String = "",
    caseReference: String = "", validFrom: UInt32? = nil, validUntil: UInt32? = nil
  ) {
    self.reason = reason
    self.provenance = provenance
    self.role = role
    self.handling = handling
    self.permittedAction = permittedAction
    self.confidence = confidence
    self.country = country
    self.caseReference = caseReference
    self.validFrom = validFrom
    self.validUntil = validUntil
  }

  /// Checks what is said once, before the first row.
  /// - Throws: `Problem` `handling-not-sealed`, `role-refused`, `bad-validity`, or `bad-field`.
  public func check(today: UInt32) throws(Problem) {
    if handling != .green && handling != .clear {
      throw Problem(
        "handling-not-sealed", "listings for less than the whole alliance cannot be sealed by this version",
        object: "handling \(CodeName.of(handling))", next: "use green or clear, or keep the indicator to yourself")
    }
    let from = validFrom ?? today
    let until = validUntil ?? max(from, today)
    guard until >= max(from, today), until - min(from, until) <= ContentRule.longestValidityDays,
      from <= today + ContentRule.longestValidityDays
    else {
      throw Problem(
        "bad-validity", "a listing holds today or later, begins before it ends, and for at most five years",
        object: "valid-until", next: "give days as 2027-05-31")
    }
    if let first = observedFrom, let last = observedUntil, last < first {
      throw Problem("bad-validity", "the last day of observation is before the first", object: "observed-until")
    }
    guard (observedFrom ?? 0) <= today, (observedUntil ?? 0) <= today else {
      throw Problem("bad-validity", "nothing can have been observed after today", object: "observed-until")
    }
    guard confidence ?? 0 <= 100 else {
      throw Problem("bad-field", "confidence goes from 0 to 100", object: "confidence")
    }
    guard caseReference.isEmpty || ContentRule.isCaseReference(caseReference) else {
      throw Problem(
        "bad-field", "a case reference is 1 to 32 letters, digits, and . _ / -: opaque, never a name",
        object: "case reference")
    }
    let example = listing(of: .iban, normaliser: 1, keyEpoch: 1, today: today)
    if let reason = ContentRule.reasonToQuarantine(example) {
      throw Problem("bad-field", "peers would set the listing aside (\(reason.rawValue))", next: "check the options")
    }
  }

  /// The statement on an indicator of this type.
  /// - Parameter previous: its digest under the hash key before, while that is open.
  public func statement(
    of type: IndicatorType, normaliser: UInt8, keyEpoch: UInt32, today: UInt32,
    previous: (digest: IndicatorDigest, keyEpoch: UInt32)? = nil
  ) throws(Problem) -> [UInt8] {
    try checkValidity(of: type, today: today)
    var listing = listing(of: type, normaliser: normaliser, keyEpoch: keyEpoch, today: today)
    if let previous {
      listing.previousDigest = Data(previous.digest.bytes)
      listing.previousKeyEpoch = previous.keyEpoch
    }
    do {
      #if NEWER_KIND
        if let trialRound {
          return try TrialListing(listing: listing, round: trialRound).statement()
        }
      #endif
      return try listing.serializedBytes()
    } catch {
      throw Problem("bad-field", "the listing cannot be written")
    }
  }

  /// The last day on which a listing of a type holds. What began long ago and names no end holds as long as one that begins today, within what a
  /// listing of the type may hold at most.
  public func lastDay(of type: IndicatorType, today: UInt32) -> UInt32 {
    let from = validFrom ?? today
    return validUntil ?? min(max(from, today) + Validity.standardDays(of: type), from + Validity.mostDays(of: type))
  }

  /// - Throws: `Problem` `bad-validity`.
  func checkValidity(of type: IndicatorType, today: UInt32) throws(Problem) {
    let (from, until) = (validFrom ?? today, lastDay(of: type, today: today))
    let most = Validity.mostDays(of: type)
    guard until >= from, until - from <= most else {
      throw Problem(
        "bad-validity", "a listing of a \(type.name) holds for at most \(most) days", object: "valid-until",
        next: "give an earlier day; it can be listed again when it is seen again")
    }
  }

  private func listing(
    of type: IndicatorType, normaliser: UInt8, keyEpoch: UInt32, today: UInt32
  ) -> WireListing {
    let (from, until) = (validFrom ?? today, lastDay(of: type, today: today))
    var listing = WireListing()
    listing.type = WireIndicatorType(rawValue: Int(type.rawValue)) ?? .unspecified
    listing.keyEpoch = keyEpoch
    listing.normaliser = UInt32(normaliser)
    listing.reason = reason
    listing.role = role
    listing.provenance = provenance
    listing.handling = handling
    listing.validFrom = from
    listing.validUntil = until
    listing.route = route
    listing.sourceReliability = sourceReliability
    listing.informationCredibility = informationCredibility
    listing.observedFrom = observedFrom ?? 0
    listing.observedUntil = observedUntil ?? 0
    listing.group = Data(group)
    listing.permittedAction = permittedAction
    if let confidence { listing.confidence = confidence }
    listing.country = country
    listing.caseReference = caseReference
    return listing
  }
}
