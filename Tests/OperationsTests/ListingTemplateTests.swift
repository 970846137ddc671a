import AllianceBench
import Indicators
import Operations
import Testing
import Wire

@Suite struct ListingTemplateTests {
  private let today: UInt32 = 20_000
  private let template = ListingTemplate(reason: .sanctionsList, provenance: .openSource)

  private func listing(_ template: ListingTemplate, of type: IndicatorType = .iban) throws -> WireListing {
    try template.check(today: today)
    return try WireListing(serializedBytes: template.statement(of: type, normaliser: 1, keyEpoch: 1, today: today))
  }

  @Test func saysEverythingThatWasSaid() throws {
    var template = template
    template.route = .bankTransfer
    template.country = "SE"
    (template.sourceReliability, template.informationCredibility) = try SourceGrade.parse("b2")
    template.observedFrom = today - 30
    template.observedUntil = today
    template.group = try OperationGroup.parse("00112233445566778899aabbccddeeff")
    let listing = try listing(template)
    #expect(listing.route == .bankTransfer && listing.country == "SE")
    #expect(listing.sourceReliability == .b && listing.informationCredibility.rawValue == 2)
    #expect(listing.observedFrom == today - 30 && listing.observedUntil == today)
    #expect(listing.group.count == 16 && OperationGroup.text(listing.group).hasPrefix("0011"))
  }

  @Test(arguments: IndicatorType.allCases)
  func holdsAsLongAsIsUsualForTheType(_ type: IndicatorType) throws {
    let listing = try listing(template, of: type)
    #expect(listing.validFrom == today && listing.validUntil == today + Validity.standardDays(of: type))
    var longer = template
    longer.validUntil = today + Validity.mostDays(of: type)
    #expect(try self.listing(longer, of: type).validUntil == longer.validUntil)
    longer.validUntil = today + Validity.mostDays(of: type) + 1
    #expect(problemCode { _ = try self.listing(longer, of: type) } == "bad-validity")
  }

  @Test func refusesDaysThatCannotBe() throws {
    for change in [
      { $0.validUntil = 19_999 },
      {
        $0.validFrom = 20_010
        $0.validUntil = 20_009
      },
      { $0.observedUntil = 20_001 },
      {
        $0.observedFrom = 19_990
        $0.observedUntil = 19_980
      },
    ] as [(inout ListingTemplate) -> Void] {
      var changed = template
      change(&changed)
      #expect(problemCode { try changed.check(today: today) } == "bad-validity")
    }
  }

  @Test(arguments: ["", "B", "G1", "A7", "A0", "22", "B2x"])
  func refusesGradesThatThereAreNot(_ text: String) {
    #expect(problemCode { _ = try SourceGrade.parse(text) } == "bad-field")
  }

  @Test func drawsAGroup() throws {
    #expect(try OperationGroup.parse("new").count == 16)
    #expect(try OperationGroup.parse("new") != OperationGroup.parse("new"))
    #expect(problemCode { _ = try OperationGroup.parse("0011") } == "bad-field")
  }
}
