internal import SwiftProtobuf
public import Wire

/// Why a statement is kept, hashed and relayed like any other but left out of verdicts. Content never stalls a position.
public enum QuarantineReason: String, Sendable, CaseIterable, Codable {
  case unknownKind = "unknown-kind"
  case undecodable
  case missingField = "missing-field"
  case unknownValue = "unknown-value"
  case unsealedHandling = "unsealed-handling"
  case badValidity = "bad-validity"
  case badField = "bad-field"
}

/// What a node needs to know of a statement besides its bytes.
public struct StatementReading: Sendable, Hashable {
  /// Why it is left out of verdicts; nil if it counts.
  public var quarantine: QuarantineReason?
  /// The hash key that made its digest; 0 where the statement does not say.
  public var keyEpoch: UInt32 = 0
  /// Its digest under the hash key before, while both are open.
  public var previous: PreviousDigest?
}

/// What a statement must say to count. A function of the bytes alone, the same on every node.
public enum ContentRule {
  /// Longest time between valid-from and valid-until, in days.
  public static let longestValidityDays: UInt32 = 5 * 366

  /// Nil if the statement counts.
  public static func reasonToQuarantine(_ row: Row, by rules: ContentRules = .current) -> QuarantineReason? {
    read(row, by: rules).quarantine
  }

  /// All that is to be known of a statement before it is stored, with one look at its bytes.
  public static func read(_ row: Row, by rules: ContentRules = .current) -> StatementReading {
    guard let facet = row.key.facet, rules.facets.contains(facet.rawValue) else {
      return StatementReading(quarantine: .unknownKind)
    }
    switch facet {
    case .listing:
      guard let listing = try? WireListing(serializedBytes: row.statement) else {
        return StatementReading(quarantine: .undecodable)
      }
      return read(listing, by: rules)
    case .sighting:
      guard let sighting = try? WireSighting(serializedBytes: row.statement) else {
        return StatementReading(quarantine: .undecodable)
      }
      return StatementReading(
        quarantine: sighting.months.count <= 24 && sighting.keyEpoch > 0
          ? known(sighting.type, rules.types) : .badField,
        keyEpoch: sighting.keyEpoch,
        previous: PreviousDigest(sighting.previousDigest, sighting.previousKeyEpoch, before: sighting.keyEpoch))
    case .dispute:
      guard let dispute = try? WireDispute(serializedBytes: row.statement) else {
        return StatementReading(quarantine: .undecodable)
      }
      return StatementReading(
        quarantine: dispute.keyEpoch > 0
          ? known(dispute.type, rules.types) ?? known(dispute.ground, rules.grounds) : .badField,
        keyEpoch: dispute.keyEpoch,
        previous: PreviousDigest(dispute.previousDigest, dispute.previousKeyEpoch, before: dispute.keyEpoch))
    case .sealed:
      return StatementReading(quarantine: .unknownKind)
    #if NEWER_KIND
      case .trial:
        guard let trial = TrialListing(row.statement) else { return StatementReading(quarantine: .undecodable) }
        var reading = read(trial.listing, by: rules)
        if trial.round == 0 { reading.quarantine = .missingField }
        return reading
    #endif
    }
  }

  private static func read(_ listing: WireListing, by rules: ContentRules) -> StatementReading {
    StatementReading(
      quarantine: reasonToQuarantine(listing, by: rules), keyEpoch: listing.keyEpoch,
      previous: PreviousDigest(listing.previousDigest, listing.previousKeyEpoch, before: listing.keyEpoch))
  }

  /// The same for a listing, also used at the door before one is made.
  public static func reasonToQuarantine(_ listing: WireListing, by rules: ContentRules = .current) -> QuarantineReason?
  {
    if listing.keyEpoch == 0 || listing.normaliser == 0 || listing.validUntil == 0 || listing.validFrom == 0 {
      return .missingField
    }
    if let reason = known(listing.type, rules.types) ?? known(listing.reason, rules.reasons)
      ?? known(listing.role, rules.roles) ?? known(listing.provenance, rules.provenances)
      ?? known(listing.handling, rules.handlings)
    {
      return reason
    }
    if listing.handling != .green && listing.handling != .clear { return .unsealedHandling }
    guard listing.validUntil >= listing.validFrom, listing.validUntil - listing.validFrom <= longestValidityDays else {
      return .badValidity
    }
    let confidenceFits = !listing.hasConfidence || listing.confidence <= 100
    guard confidenceFits, [0, 16].contains(listing.group.count), [0, 32].contains(listing.previousDigest.count),
      isCountry(listing.country), listing.caseReference.isEmpty || isCaseReference(listing.caseReference)
    else { return .badField }
    return nil
  }

  /// Opaque: 1 to 32 letters, digits, and `.` `_` `/` `-`.
  public static func isCaseReference(_ text: String) -> Bool {
    let allowed = { (byte: UInt8) in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return (1...32).contains(text.utf8.count) && text.utf8.allSatisfy(allowed)
  }

  private static func isCountry(_ text: String) -> Bool {
    text.isEmpty
      || text.utf8.count == 2 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  /// Mandatory enumerations: zero is missing, a number of a later version is unknown.
  private static func known(_ value: some SwiftProtobuf.Enum, _ numbers: Set<Int>) -> QuarantineReason? {
    if value.rawValue == 0 { return .missingField }
    return numbers.contains(value.rawValue) ? nil : .unknownValue
  }
}
