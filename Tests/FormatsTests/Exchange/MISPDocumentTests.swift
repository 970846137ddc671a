import Testing

@testable import Formats

/// What is taken from MISP events, and what is refused for which reason.
@Suite struct MISPDocumentTests {
  private let uuid = "526342cf-583b-5ea8-be50-7c4c68998945"

  private func items(_ event: String, context: Bool = false) throws -> [DocumentItem] {
    let text = #"{"Event": {"info": "x", \#(event)}}"#
    let found = try DocumentForm.items(of: Array(text.utf8), as: nil, includesContext: context)
    #expect(found.form == .misp)
    return found.items
  }

  private func attribute(_ type: String, _ more: String = "", value: String = "X", ids: String = "true") -> String {
    #"{"uuid": "\#(uuid)", "type": "\#(type)", "value": "\#(value)", "to_ids": \#(ids)\#(more)}"#
  }

  private func code(_ event: String, context: Bool = false) throws -> String {
    switch try items(event, context: context).last {
    case .found(let found): "\(found.typeName)=\(found.text)"
    case .refused(let refusal): refusal.code
    case .leftOut(let refusal): "left out: \(refusal.code)"
    case nil: "nothing"
    }
  }

  private func alone(_ attribute: String) -> String { #""Attribute": [\#(attribute)]"# }
  private func object(_ name: String, _ attributes: String, _ more: String = "") -> String {
    #""Object": [{"name": "\#(name)", "Attribute": [\#(attributes)]\#(more)}]"#
  }

  @Test(arguments: [
    ("iban", "iban"), ("bank-account-nr", "bank-account"), ("cc-number", "card-pan"), ("btc", "crypto-address"),
    ("dash", "crypto-address"), ("xmr", "crypto-address"), ("domain", "domain"), ("hostname", "domain"), ("url", "url"),
    ("phone-number", "phone-wallet"), ("email", "email-wallet"), ("email-src", "email-wallet"),
    ("email-dst", "email-wallet"),
  ])
  func namesTheType(_ type: String, _ name: String) throws {
    #expect(try code(alone(attribute(type))) == "\(name)=X")
  }

  @Test(arguments: ["bic", "bin", "aba-rtn", "prtn"])
  func banksAreNeverIndicators(_ type: String) throws {
    #expect(try code(alone(attribute(type))) == "left out: never-an-indicator")
  }

  @Test func objectsAreReadByTheirRelations() throws {
    let account = attribute("bank-account-nr", #", "object_relation": "account""#, value: "123")
    #expect(try code(object("bank-account", account)) == "bank-account=123")
    let routing = attribute("aba-rtn", #", "object_relation": "aba-rtn""#, value: "129999990")
    #expect(try code(object("bank-account", routing + "," + account)) == "bank-account=US|129999990|123")
    let iban = attribute("iban", #", "object_relation": "iban""#)
    #expect(try code(object("bank-account", iban + "," + account)) == "left out: never-an-indicator")
    #expect(
      try code(object("coin-address", attribute("text", #", "object_relation": "address-crypto""#)))
        == "crypto-address=X")
    #expect(try code(object("coin-address", attribute("text", #", "object_relation": "symbol""#))) == "nothing")
    #expect(try code(object("legal-entity", attribute("text", #", "object_relation": "lei""#))) == "legal-entity=X")
    #expect(
      try code(object("credit-card", attribute("text", #", "object_relation": "card-security-code""#))) == "nothing")
    let page = attribute("url", #", "object_relation": "url""#)
    let host = attribute("domain", #", "object_relation": "domain""#)
    #expect(try code(object("url", page + "," + host)) == "left out: never-an-indicator")
    #expect(try code(object("domain-ip", host)) == "domain=X")
  }

  @Test func takesWhatTheEventSays() throws {
    let seen = #", "first_seen": "2026-01-02T00:00:00+00:00", "last_seen": "2026-01-05T23:30:00-02:00""#
    let tags = """
      , "Tag": [{"name": "misp:confidence-level=\\"usually-confident\\""},
      {"name": "admiralty-scale:source-reliability=\\"b\\""}, {"name": "admiralty-scale:information-credibility=\\"2\\""}]
      """
    guard
      case .found(let found) = try items(#""Tag": [{"name": "tlp:white"}], "# + alone(attribute("iban", seen + tags)))
        .first
    else {
      Issue.record("not found")
      return
    }
    #expect(
      found.fields == [
        .observedFrom: "2026-01-02", .observedUntil: "2026-01-06", .confidence: "75", .sourceGrade: "B2",
        .handling: "clear",
      ])
    #expect(found.object == uuid)
  }

  @Test func refusesAndLeavesOut() throws {
    #expect(try code(alone(attribute("iban", #", "Tag": [{"name": "TLP:AMBER+STRICT"}]"#))) == "handling-not-sealed")
    #expect(try code(#""Tag": [{"name": "tlp:red"}], "# + alone(attribute("iban"))) == "handling-not-sealed")
    #expect(try code(alone(attribute("iban", #", "deleted": true"#))) == "left out: object-deleted")
    #expect(try code(alone(attribute("iban", #", "deleted": "1""#))) == "left out: object-deleted")
    #expect(try code(object("bank-account", attribute("iban"), #", "deleted": true"#)) == "left out: object-deleted")
    #expect(try code(alone(attribute("iban", ids: "false"))) == "left out: context-only")
    #expect(try code(alone(attribute("iban", ids: "false")), context: true) == "iban=X")
    #expect(try code(alone(attribute("iban", ids: #""1""#))) == "iban=X")
    #expect(try code(alone(attribute("md5"))) == "left out: not-payment-data")
    #expect(try code(object("payment-indicator", attribute("hex", #", "object_relation": "digest""#))) == "digest-only")
  }

  @Test func buyersAndVictimsAreNeverListed() throws {
    #expect(try code(alone(attribute("iban", #", "Tag": [{"name": "case:role=\"victim\""}]"#))) == "role-refused")
    #expect(try code(#""Tag": [{"name": "buyers"}], "# + alone(attribute("iban"))) == "role-refused")
    #expect(try code(object("victim", attribute("iban"))) == "role-refused")
    #expect(try code(alone(attribute("email", #", "category": "Targeting data""#))) == "role-refused")
    let reference = #", "ObjectReference": [{"relationship_type": "victim-of"}]"#
    #expect(try code(object("bank-account", attribute("iban"), reference)) == "role-refused")
    #expect(
      try code(alone(attribute("iban", #", "comment": "paid by a victim""#))) == "iban=X", "comments are not read")
  }

  @Test func everyWrappingIsOneEvent() throws {
    let event = #"{"info": "x", \#(alone(attribute("iban")))}"#
    for text in [
      #"{"Event": \#(event)}"#, #"{"response": [{"Event": \#(event)}]}"#, #"{"response": {"Event": \#(event)}}"#,
      #"[{"Event": \#(event)}]"#, "[\(event)]", event, #"{"response": [\#(event)]}"#, "\u{FEFF} \(event)",
    ] {
      let found = try DocumentForm.items(of: Array(text.utf8), as: nil, includesContext: false)
      #expect(found.form == .misp && found.items.count == 1, "\(text)")
    }
  }
}
