import Foundation
import Testing

@testable import Formats

/// What is taken from a STIX bundle, and what is refused for which reason.
@Suite struct STIXBundleTests {
  private let id = "indicator--8ac4634c-4649-562b-bc1a-c60aab43d2b3"

  private func items(_ objects: String) throws -> [DocumentItem] {
    let text = #"{"type": "bundle", "id": "bundle--8ac4634c-4649-562b-bc1a-c60aab43d2b3", "objects": [\#(objects)]}"#
    let found = try DocumentForm.items(of: Array(text.utf8), as: nil, includesContext: false)
    #expect(found.form == .stix)
    return found.items
  }

  private func indicator(_ pattern: String = "[bank-account:iban = 'X']", _ more: String = "") -> String {
    #"{"type": "indicator", "id": "\#(id)", "pattern": "\#(pattern)", "pattern_type": "stix"\#(more)}"#
  }

  private func code(_ objects: String) throws -> String {
    switch try items(objects).last {
    case .found: "found"
    case .refused(let refusal): refusal.code
    case .leftOut(let refusal): "left out: \(refusal.code)"
    case nil: "nothing"
    }
  }

  @Test(arguments: [
    ("bank-account:iban", "iban"), ("bank-account:account_number", "bank-account"), ("payment-card:value", "card-pan"),
    ("payment-card:card_number", "card-pan"), ("cryptocurrency-wallet:value", "crypto-address"),
    ("cryptocurrency-wallet:address", "crypto-address"), ("domain-name:value", "domain"), ("url:value", "url"),
    ("phone-number:value", "phone-wallet"), ("email-addr:value", "email-wallet"), ("Bank-Account:iban", "iban"),
    ("x-vaka-payment-identifier:merchant_id", "merchant-id"),
  ])
  func namesTheType(_ path: String, _ type: String) throws {
    guard case .found(let found) = try items(indicator("[\(path) = 'X']")).first else {
      Issue.record("not found")
      return
    }
    #expect(found.typeName == type && found.text == "X" && found.object == id)
    #expect(found.lacksWallet == ["phone-wallet", "email-wallet"].contains(type))
  }

  @Test func takesWhatTheObjectSays() throws {
    let more = """
      , "valid_from": "2026-01-10T12:00:00Z", "valid_until": "2027-01-01T00:00:00Z", "confidence": 80,
      "object_marking_refs": ["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
        "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]
      """
    guard case .found(let found) = try items(indicator(more: more)).first else {
      Issue.record("not found")
      return
    }
    #expect(
      found.fields == [.validFrom: "2026-01-10", .validUntil: "2026-12-31", .confidence: "80", .handling: "green"])
    guard case .found(let silent) = try items(indicator()).first else { return }
    #expect(silent.fields.isEmpty)
  }

  private func indicator(more: String) -> String { indicator("[bank-account:iban = 'X']", more) }

  @Test(arguments: [
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421", "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "e828b379-4e03-4974-9ac4-e53a884c97c1",
    "f88d31f6-486f-44da-b317-01333bde0b82", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
  ])
  func refusesStricterColours(_ uuid: String) throws {
    let refs = #", "object_marking_refs": ["marking-definition--\#(uuid)"]"#
    #expect(try code(indicator(more: refs)) == "handling-not-sealed")
    let granular =
      #", "granular_markings": [{"selectors": ["pattern"], "marking_ref": "marking-definition--\#(uuid)"}]"#
    #expect(try code(indicator(more: granular)) == "handling-not-sealed")
  }

  @Test func aMarkingThatNobodyKnowsIsRefused() throws {
    let marking = "marking-definition--8ac4634c-4649-562b-bc1a-c60aab43d2b4"
    let marked = indicator(more: #", "object_marking_refs": ["\#(marking)"]"#)
    #expect(try code(marked) == "marking-unknown")
    func definition(_ more: String) -> String { #"{"type": "marking-definition", "id": "\#(marking)", \#(more)},"# }
    #expect(
      try code(definition(#""definition_type": "statement", "definition": {"statement": "x"}"#) + marked) == "found")
    #expect(
      try code(definition(#""definition_type": "tlp", "definition": {"tlp": "amber"}"#) + marked)
        == "handling-not-sealed")
    #expect(try code(definition(#""definition_type": "licence""#) + marked) == "marking-unknown")
  }

  @Test func buyersAndVictimsAreNeverListed() throws {
    #expect(try code(indicator(more: #", "labels": ["role:victim"]"#)) == "role-refused")
    #expect(try code(indicator(more: #", "labels": ["Buyer"]"#)) == "role-refused")
    #expect(
      try code(indicator(more: #", "labels": ["seller"], "description": "sold to a buyer"}"#.replacing("}", with: "")))
        == "found")
    let victim = "identity--8ac4634c-4649-562b-bc1a-c60aab43d2b5"
    let person = #"{"type": "identity", "id": "\#(victim)", "roles": ["victim"]},"#
    let account = "bank-account--8ac4634c-4649-562b-bc1a-c60aab43d2b6"
    let held = #"{"type": "bank-account", "id": "\#(account)", "iban": "X", "holder_ref": "\#(victim)"}"#
    #expect(try code(person + held) == "role-refused")
    let relation = #"{"type": "relationship", "source_ref": "\#(account)", "target_ref": "\#(victim)"},"#
    let plain = #"{"type": "bank-account", "id": "\#(account)", "iban": "X"}"#
    #expect(try code(person + relation + plain) == "role-refused")
    #expect(try code(person + plain) == "found")
    let named = (person + held).replacing(victim, with: "identity--somebody")
    #expect(try code(named) == "role-refused", "whatever the id looks like")
  }

  @Test func saysWhyOfTheRest() throws {
    #expect(try code(indicator(more: #", "revoked": true"#)) == "left out: object-revoked")
    #expect(try code(indicator("[bank-account:iban = 'X' AND bank-account:bic = 'Y']")) == "pattern-unsupported")
    #expect(try code(indicator("[bank-account:iban = ")) == "pattern-malformed")
    #expect(try code(indicator("[file:name = 'a']")) == "left out: not-payment-data")
    #expect(try code(indicator("[file:name = 'a' OR bank-account:iban = 'X']")) == "pattern-mixed")
    #expect(try code(indicator("[bank-account:bic = 'X']")) == "left out: never-an-indicator")
    #expect(
      try code(#"{"type": "indicator", "id": "\#(id)", "pattern": "x", "pattern_type": "yara"}"#) == "pattern-language")
    #expect(
      try code(#"{"type": "indicator", "id": "\#(id)", "pattern": "x", "pattern_type": "vaka-digest"}"#)
        == "digest-only")
    #expect(try code(#"{"type": "indicator", "id": "\#(id)"}"#) == "object-malformed")
    #expect(try code(#"{"type": "bank-account", "bic": "X"}"#) == "left out: never-an-indicator")
    #expect(try code(#"{"type": "ipv4-addr", "value": "X"}"#) == "left out: not-payment-data")
    #expect(try code(#"{"type": "identity", "id": "x"}"#) == "nothing")
  }

  @Test func aSecurityCodeIsNeverRead() throws {
    let card = #"{"type": "payment-card", "security_code": "123"}"#
    #expect(try code(card) == "left out: never-an-indicator")
    #expect(try code(indicator("[payment-card:security_code = '123']")) == "left out: not-payment-data")
  }

  @Test func anIdIsTakenOnlyInItsForm() throws {
    guard case .found(let found) = try items(indicator().replacing(id, with: "DE89370400440532013000")).first else {
      Issue.record("not found")
      return
    }
    #expect(found.object == "", "what stands there may be an identifier, and ids are printed")
  }
}
