internal import Foundation

/// Indicators as one MISP event: an object `payment-indicator` for each, whose attributes are the identifier, if it is shown, its digest,
/// and what is said of it. `Docs/exchange.md` defines the object.
public struct MISPExport: ExchangeWriting {
  /// The object's template; it never changes.
  private static let template = "0e9917e8-2d24-5c12-8e8a-2f38b525d48e"

  private let scope: ExportScope
  private let encoder = JSONValue.encoder()
  private let timestamp: JSONValue
  private var isFirst = true
  /// The strictest of all objects decides for the event, so it is written last.
  private var isGreen = false

  public init(_ scope: ExportScope) {
    self.scope = scope
    timestamp = .text(String(scope.updated / 1_000))
  }

  public func begin() -> [UInt8] { Array("{\"Event\":{\"Object\":[".utf8) }

  public mutating func write(_ one: ExportedIndicator) throws -> [UInt8] {
    if one.fields[.handling] != "clear" { isGreen = true }
    let bytes = try Array((isFirst ? "\n" : ",\n").utf8) + object(one).bytes(encoder)
    isFirst = false
    return bytes
  }

  public func end() throws -> [UInt8] {
    let event: [String: JSONValue] = [
      "uuid": .text(scope.uuid("misp-event")), "info": .text(scope.title),
      "date": .text(Timestamp.text(day: scope.updatedDay)),
      "timestamp": timestamp, "threat_level_id": "4", "analysis": "2", "published": false,
      // Green is for the community, clear for all.
      "distribution": .text(isGreen ? "1" : "3"), "Attribute": .list([]),
      "Tag": .list([Self.tag(isGreen ? "green" : "clear")]),
      "Orgc": .object(["name": .text(scope.name), "uuid": .text(scope.identity)]),
    ]
    return try Array("\n],".utf8) + JSONValue.object(event).bytes(encoder).dropFirst() + Array("}\n".utf8)
  }

  private static func tag(_ colour: String) -> JSONValue { .object(["name": .text("tlp:\(colour)")]) }

  private func object(_ one: ExportedIndicator) -> JSONValue {
    .object([
      "uuid": .text(scope.uuid("misp-object", one.digest)), "name": .text(MISPPaymentData.ownObject),
      "meta-category": "financial",
      "description": "A payment indicator: its keyed digest, and what coalitions say of it.",
      "template_uuid": .text(Self.template), "template_version": "1", "timestamp": timestamp, "distribution": "5",
      "comment": .text("\(one.typeName) \(one.reference)"), "Attribute": .list(attributes(one)),
    ])
  }

  private func attributes(_ one: ExportedIndicator) -> [JSONValue] {
    var attributes: [JSONValue] = []
    func add(
      _ relation: String, _ value: String, type: String = "text", category: String = "Other", isMain: Bool = false
    ) {
      var attribute: [String: JSONValue] = [
        "uuid": .text(scope.uuid("misp-attribute", "\(one.digest)|\(relation)|\(attributes.count)")),
        "type": .text(type),
        "category": .text(category), "value": .text(value), "object_relation": .text(relation),
        "to_ids": .flag(isMain && one.value != nil), "disable_correlation": .flag(!isMain), "distribution": "5",
        "timestamp": timestamp,
      ]
      if isMain {
        attribute["Tag"] = .list([Self.tag(one.fields[.handling] ?? "green")])
        if let day = one.fields[.observedFrom] { attribute["first_seen"] = .text(day + "T00:00:00.000000+00:00") }
        if let day = one.fields[.observedUntil] { attribute["last_seen"] = .text(day + "T00:00:00.000000+00:00") }
      }
      attributes.append(.object(attribute))
    }
    if let value = one.value {
      let (type, category) = Self.attributeType(of: one)
      add("identifier", value, type: type, category: category, isMain: true)
    }
    add("digest", one.digest, type: "hex", category: "Financial fraud", isMain: one.value == nil)
    add("indicator-type", one.typeName)
    add("algorithm", ExportedIndicator.algorithm)
    add("key-epoch", String(one.keyEpoch), type: "counter")
    add("normaliser", String(one.normaliser), type: "counter")
    for field in ListingField.allCases {
      if let said = one.fields[field] { add(field.rawValue, said) }
    }
    if let verdict = one.verdict {
      add("verdict", verdict.status)
      add("ceiling", verdict.ceiling)
      add("policy", verdict.policy)
      for coalition in verdict.coalitions { add("coalition", coalition) }
      for reason in verdict.reasons { add("stated-reason", reason) }
      for coalition in verdict.disputedBy { add("disputed-by", coalition) }
    }
    return attributes
  }

  /// MISP's own type and category, where it has one, so that other software finds the value.
  private static func attributeType(of one: ExportedIndicator) -> (type: String, category: String) {
    switch (one.typeName, one.scheme) {
    case ("iban", _): ("iban", "Financial fraud")
    case ("card-pan", _): ("cc-number", "Financial fraud")
    case ("crypto-address", "bitcoin"): ("btc", "Financial fraud")
    case ("crypto-address", "dash"): ("dash", "Financial fraud")
    case ("crypto-address", "monero"): ("xmr", "Financial fraud")
    case ("domain", _): ("domain", "Network activity")
    case ("url", _): ("url", "Network activity")
    default: ("text", "Financial fraud")
    }
  }
}
