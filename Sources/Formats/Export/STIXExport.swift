internal import Foundation

/// Indicators as a STIX 2.1 bundle: an `indicator` for each, under the coalition's identity, with our extension for what STIX has no
/// property for. `Docs/exchange.md` defines the extension.
///
/// A digest is an indicator whose pattern is of a language of our own, so that validity, confidence and markings stand where every reader
/// looks for them, and nobody takes the digest for a value to search for.
public struct STIXExport: ExchangeWriting {
  private let scope: ExportScope
  private let encoder = JSONValue.encoder()
  private let updated: String

  private static let published = "2026-01-01T00:00:00.000Z"
  private static let version = "2.1"

  public init(_ scope: ExportScope) {
    self.scope = scope
    updated = Self.moment(scope.updated)
  }

  private var identity: String { "identity--\(scope.identity)" }

  public func begin() throws -> [UInt8] {
    var bytes = Array(#"{"id":"bundle--\#(scope.uuid("bundle", String(scope.updated)))","objects":["#.utf8)
    let objects = [identityObject, extensionDefinition] + Self.markings
    for (index, object) in objects.enumerated() {
      bytes += Array((index == 0 ? "\n" : ",\n").utf8)
      bytes += try object.bytes(encoder)
    }
    return bytes
  }

  public func write(_ one: ExportedIndicator) throws -> [UInt8] {
    try Array(",\n".utf8) + indicator(one).bytes(encoder)
  }

  public func end() -> [UInt8] { Array("\n],\"type\":\"bundle\"}\n".utf8) }

  private func indicator(_ one: ExportedIndicator) -> JSONValue {
    let from = Timestamp(one.fields[.validFrom] ?? "")?.day ?? 0
    let until = Timestamp(one.fields[.validUntil] ?? "")?.day ?? from
    // What is only signed after it began cannot be older than its last change.
    let created = min(Self.moment(day: from), updated)
    var object: [String: JSONValue] = [
      "type": "indicator", "spec_version": .text(Self.version),
      // With and without the plaintext it is not the same object: one id and moment never stand for two contents.
      "id": .text("indicator--\(scope.uuid(one.value == nil ? "indicator" : "indicator in the clear", one.digest))"),
      "created_by_ref": .text(identity),
      "created": .text(created), "modified": .text(updated), "name": .text("\(one.typeName) \(one.reference)"),
      "description": .text(description(one)), "valid_from": .text(Self.moment(day: from)),
      // The first moment at which it holds no more (STIX 2.1, section 4.7.1).
      "valid_until": .text(Self.moment(day: until + 1)),
      "extensions": .object([STIXIdentity.digestExtension: content(one)]),
    ]
    if let value = one.value {
      object["pattern"] = .text("[\(STIXPaymentData.path(of: one.typeName)) = '\(Self.escaped(value))']")
      object["pattern_type"] = "stix"
    } else {
      object["pattern"] = .text("\(ExportedIndicator.algorithm):\(one.keyEpoch):\(one.digest)")
      object["pattern_type"] = .text(STIXIdentity.digestPatternType)
    }
    let labels = one.verdict?.reasons ?? one.fields[.reason].map { [$0] } ?? []
    if !labels.isEmpty { object["labels"] = .texts(labels) }
    if let confidence = one.fields[.confidence].flatMap({ Int($0) }) { object["confidence"] = .number(confidence) }
    if let marking = one.fields[.handling].flatMap({ Self.markingID[$0] }) {
      object["object_marking_refs"] = .texts([marking])
    }
    return .object(object)
  }

  private func description(_ one: ExportedIndicator) -> String {
    if let verdict = one.verdict {
      return "A payment identifier, \(verdict.status), at most to \(verdict.ceiling) by the policy \(verdict.policy)."
    }
    return "A payment identifier that the coalition \(scope.coalition) lists."
  }

  /// The extension's properties.
  private func content(_ one: ExportedIndicator) -> JSONValue {
    var content: [String: JSONValue] = [
      "extension_type": "property-extension", "type": .text(one.typeName), "digest": .text(one.digest),
      "algorithm": .text(ExportedIndicator.algorithm), "key_epoch": .number(Int(one.keyEpoch)),
      "normaliser": .number(Int(one.normaliser)),
    ]
    // What STIX has a property for stands there.
    for (field, text) in one.fields where ![.validFrom, .validUntil, .confidence, .handling].contains(field) {
      content[field.rawValue.replacing("-", with: "_")] = .text(text)
    }
    if let verdict = one.verdict {
      content["status"] = .text(verdict.status)
      content["ceiling"] = .text(verdict.ceiling)
      content["policy"] = .text(verdict.policy)
      content["coalitions"] = .texts(verdict.coalitions)
      content["reasons"] = .texts(verdict.reasons)
      if !verdict.disputedBy.isEmpty { content["disputed_by"] = .texts(verdict.disputedBy) }
    }
    return .object(content)
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
  }

  private var identityObject: JSONValue {
    .object([
      "type": "identity", "spec_version": .text(Self.version), "id": .text(identity), "created": .text(Self.published),
      "modified": .text(Self.published), "name": .text(scope.name), "identity_class": "organization",
      "sectors": .texts(["financial-services"]),
    ])
  }

  private var extensionDefinition: JSONValue {
    .object([
      "type": "extension-definition", "spec_version": .text(Self.version), "id": .text(STIXIdentity.digestExtension),
      "created_by_ref": .text("identity--\(NameUUID.text("identity"))"), "created": .text(Self.published),
      "modified": .text(Self.published), "name": "Payment indicator digest",
      "description": "A keyed digest of a payment identifier, and what coalitions say of it.",
      "schema": "Docs/exchange.md of Vaka defines the properties", "version": "1.0.0",
      "extension_types": .texts(["property-extension"]),
    ])
  }

  private static let markingID = [
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
  ]

  /// As OASIS publishes them.
  private static let markings: [JSONValue] = markingID.sorted { $0.key < $1.key }.map { colour, id in
    .object([
      "type": "marking-definition", "spec_version": .text(version), "id": .text(id),
      "created": "2022-10-01T00:00:00.000Z",
      "name": .text("TLP:\(colour.uppercased())"),
      "extensions": .object([
        STIXIdentity.trafficLightExtension: .object([
          "extension_type": "property-extension", "tlp_2_0": .text(colour),
        ])
      ]),
    ])
  }

  private static func moment(day: Int) -> String { Timestamp.text(day: day) + "T00:00:00.000Z" }

  private static func moment(_ milliseconds: UInt64) -> String { Timestamp.text(milliseconds: milliseconds) }
}
