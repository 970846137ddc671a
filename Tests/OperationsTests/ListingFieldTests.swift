import AllianceBench
import Formats
import Indicators
import Testing
import Wire

@testable import Operations

/// What a file says of one identifier comes before what the command says of all, and is never repeated in an error.
@Suite struct ListingFieldTests {
  private let today: UInt32 = 20_463
  private let template = ListingTemplate(
    reason: .sanctionsList, provenance: .openSource, confidence: 10, country: "DE", validUntil: 20_500)

  @Test func aFileComesFirst() throws {
    let said = try template.saying([
      .reason: "facilitator", .provenance: "court", .role: "merchant", .handling: "clear", .permittedAction: "review",
      .confidence: "80", .country: "se", .caseReference: "K-1", .validFrom: "2026-01-02", .validUntil: "2027-01-01",
      .observedFrom: "2025-12-01", .observedUntil: "2025-12-31", .route: "bank-transfer", .sourceGrade: "b2",
      .group: "00112233445566778899aabbccddeeff",
    ])
    #expect(
      said.reason == .facilitator && said.provenance == .court && said.role == .merchant && said.handling == .clear)
    #expect(
      said.permittedAction == .review && said.confidence == 80 && said.country == "SE" && said.caseReference == "K-1")
    #expect(
      said.validFrom == 20_455 && said.validUntil == 20_819 && said.observedFrom == 20_423
        && said.observedUntil == 20_453)
    #expect(said.route == .bankTransfer && SourceGrade.text(said) == "B2" && said.group.count == 16)
    let silent = try template.saying([:])
    #expect(silent.confidence == 10 && silent.country == "DE" && silent.validUntil == 20_500)
  }

  @Test func oneEndOfASpanIsNotTheCommands() throws {
    var template = template
    (template.observedFrom, template.observedUntil) = (20_400, 20_410)
    let said = try template.saying([.observedUntil: "2025-12-01"])
    #expect(said.observedFrom == nil && said.observedUntil == 20_423)
  }

  @Test(arguments: [
    (ListingField.reason, "unknown-value"), (.role, "unknown-value"), (.handling, "unknown-value"),
    (.confidence, "bad-field"),
    (.validUntil, "bad-day"), (.observedFrom, "bad-day"), (.sourceGrade, "bad-field"), (.group, "bad-field"),
  ])
  func errorsDoNotRepeatWhatStandsThere(_ field: ListingField, _ code: String) {
    let identifier = "DE89370400440532013000"
    #expect { try template.saying([field: identifier]) } throws: { error in
      guard let problem = error as? Problem else { return false }
      return problem.code == code && !problem.description.contains(identifier)
    }
  }

  @Test func buyersAndVictimsAreRefused() {
    for role in ["buyer", "Victim"] {
      #expect(problemCode { _ = try template.saying([.role: role]) } == "role-refused")
    }
    #expect(
      problemCode { _ = try template.saying([.group: "new"]) } == "bad-field", "a file names groups that there are")
    #expect(problemCode { try template.saying([.handling: "amber"]).check(today: today) } == "handling-not-sealed")
  }

  /// What began long ago holds from today as long as is usual, within what its type may at most.
  @Test func anOldBeginningDoesNotEndBeforeToday() {
    var old = template
    (old.validFrom, old.validUntil) = (today - 400, nil)
    #expect(old.lastDay(of: .iban, today: today) == today + Validity.standardDays(of: .iban))
    #expect(old.lastDay(of: .domain, today: today) == today + Validity.standardDays(of: .domain))
    old.validFrom = today - 700
    #expect(old.lastDay(of: .domain, today: today) == today - 700 + Validity.mostDays(of: .domain))
    old.validFrom = today + 5
    #expect(old.lastDay(of: .iban, today: today) == today + 5 + Validity.standardDays(of: .iban))
  }
}

extension SourceGrade {
  fileprivate static func text(_ template: ListingTemplate) -> String {
    var listing = WireListing()
    (listing.sourceReliability, listing.informationCredibility) = (
      template.sourceReliability, template.informationCredibility
    )
    return text(listing)
  }
}
