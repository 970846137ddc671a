internal import FoundationEssentials
public import Indicators
internal import Ledger
internal import SwiftProtobuf
public import Wire

/// What a person says of the indicators that are added: everything of a listing but its identifier.
public struct ListingTemplate: Sendable {
  /// Days that a listing holds if nothing else is said.
  public static let standardValidityDays: UInt32 = 365

  public var reason: WireReason
  public var provenance: WireProvenance
  public var role: WireSubjectRole
  public var handling: WireHandling
  public var permittedAction: WireAction
  public var confidence: UInt32?
  public var country: String
  public var caseReference: String
  /// UTC day since 1970, inclusive; nil for the standard one.
  public var validUntil: UInt32?

  public init(
    reason: WireReason, provenance: WireProvenance, role: WireSubjectRole = .payee, handling: WireHandling = .green,
    permittedAction: WireAction = .unspecified, confidence: UInt32? = nil, country: String = "",
    caseReference: String = "", validUntil: UInt32? = nil
  ) {
    self.reason = reason
    self.provenance = provenance
    self.role = role
    self.handling = handling
    self.permittedAction = permittedAction
    self.confidence = confidence
    self.country = country
    self.caseReference = caseReference
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
    let until = validUntil ?? today + Self.standardValidityDays
    guard until >= today, until - today <= ContentRule.longestValidityDays else {
      throw Problem(
        "bad-validity", "a listing is valid from today on, for at most five years", object: "valid-until",
        next: "give a day as 2027-05-31")
    }
    guard confidence ?? 0 <= 100 else {
      throw Problem("bad-field", "confidence goes from 0 to 100", object: "confidence")
    }
    guard caseReference.isEmpty || ContentRule.isCaseReference(caseReference) else {
      throw Problem(
        "bad-field", "a case reference is 1 to 32 letters, digits, and . _ / -: opaque, never a name",
        object: "case reference")
    }
    if let reason = ContentRule.reasonToQuarantine(listing(type: .iban, normaliser: 1, keyEpoch: 1, today: today)) {
      throw Problem("bad-field", "peers would set the listing aside (\(reason.rawValue))", next: "check the options")
    }
  }

  /// The statement on an indicator of this type.
  public func statement(
    of type: IndicatorType, normaliser: UInt8, keyEpoch: UInt32, today: UInt32
  ) throws -> [UInt8] {
    try listing(
      type: WireIndicatorType(rawValue: Int(type.rawValue)) ?? .unspecified, normaliser: UInt32(normaliser),
      keyEpoch: keyEpoch, today: today
    ).serializedBytes()
  }

  private func listing(type: WireIndicatorType, normaliser: UInt32, keyEpoch: UInt32, today: UInt32) -> WireListing {
    var listing = WireListing()
    listing.type = type
    listing.keyEpoch = keyEpoch
    listing.normaliser = normaliser
    listing.reason = reason
    listing.role = role
    listing.provenance = provenance
    listing.handling = handling
    listing.validFrom = today
    listing.validUntil = validUntil ?? today + Self.standardValidityDays
    listing.permittedAction = permittedAction
    if let confidence { listing.confidence = confidence }
    listing.country = country
    listing.caseReference = caseReference
    return listing
  }
}
