internal import Foundation

/// One object of a STIX 2.1 bundle, of which only what concerns payments is read. A card's security code is never read.
struct STIXObject: Decodable {
  /// Empty for an id that is none.
  var id = ""
  /// The id as it stands there, by which other objects refer to this one; never printed.
  var reference = ""
  var type = ""
  var pattern: String?
  var patternType: String?
  var isRevoked = false
  var validFrom: String?
  var validUntil: String?
  var confidence: String?
  /// Labels, roles and types of indicators: structured words that may name a buyer or a victim.
  var words: [String] = []
  /// Markings of the object or of a part of it.
  var markings: [String] = []
  /// What `values` of an observable may be taken from.
  var properties: [String: String] = [:]
  /// The objects that it refers to as its holder or owner.
  var holders: [String] = []
  /// For a relationship: its two ends.
  var ends: [String] = []
  /// For a marking definition: its colour, and whether it is only a notice.
  var colour: TrafficLight?
  var isStatement = false
  /// What our own extension says.
  var extensionFields: [String: String]?

  private enum Key: String, CodingKey {
    case id, type, pattern
    case patternType = "pattern_type"
    case revoked
    case validFrom = "valid_from"
    case validUntil = "valid_until"
    case confidence, labels, roles
    case indicatorTypes = "indicator_types"
    case relationshipType = "relationship_type"
    case openCTILabels = "x_opencti_labels"
    case markings = "object_marking_refs"
    case granular = "granular_markings"
    case marking = "marking_ref"
    case holder = "holder_ref"
    case owner = "owner_ref"
    case source = "source_ref"
    case target = "target_ref"
    case definition
    case definitionType = "definition_type"
    case name, tlp
    case colour = "tlp_2_0"
    case extensions
    case value, address, iban
    case accountNumber = "account_number"
    case cardNumber = "card_number"
    case number
  }

  /// The properties of observables that may hold an identifier.
  private static let valueKeys: [Key] = [.value, .address, .iban, .accountNumber, .cardNumber, .number]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    reference = JSONReading.text(container, .id) ?? ""
    id = DocumentID.checked(reference)
    type = JSONReading.text(container, .type) ?? ""
    pattern = JSONReading.text(container, .pattern)
    patternType = JSONReading.text(container, .patternType)
    isRevoked = JSONReading.isTrue(JSONReading.text(container, .revoked))
    validFrom = JSONReading.said(container, .validFrom)
    validUntil = JSONReading.said(container, .validUntil)
    confidence = JSONReading.said(container, .confidence)
    for key in [Key.labels, .roles, .indicatorTypes, .relationshipType, .openCTILabels] {
      words += JSONReading.texts(container, key)
    }
    markings = JSONReading.texts(container, .markings)
    markings += JSONReading.list(container, .granular, of: Granular.self).compactMap(\.marking)
    for key in Self.valueKeys { properties[key.rawValue] = JSONReading.text(container, key) }
    holders = [Key.holder, .owner].compactMap { JSONReading.text(container, $0) }
    ends = [Key.source, .target].compactMap { JSONReading.text(container, $0) }
    if type == "marking-definition" { readMarking(container) }
    readExtensions(container)
  }

  private struct Granular: Decodable {
    var marking: String?

    init(from decoder: any Decoder) throws {
      marking = JSONReading.text(try decoder.container(keyedBy: Key.self), .marking)
    }
  }

  private mutating func readMarking(_ container: KeyedDecodingContainer<Key>) {
    let definitionType = JSONReading.text(container, .definitionType)?.lowercased() ?? ""
    isStatement = definitionType == "statement"
    let definition = try? container.nestedContainer(keyedBy: Key.self, forKey: .definition)
    let labels = [
      definition.flatMap { JSONReading.text($0, .tlp) }, JSONReading.text(container, .name).flatMap(Self.tlpName),
      Self.tlpName(definitionType),
    ]
    colour = labels.compactMap { $0 }.compactMap(TrafficLight.init(label:)).max()
  }

  private static func tlpName(_ text: String) -> String? { text.lowercased().hasPrefix("tlp:") ? text : nil }

  private mutating func readExtensions(_ container: KeyedDecodingContainer<Key>) {
    guard let extensions = try? container.nestedContainer(keyedBy: AnyKey.self, forKey: .extensions) else { return }
    let tlp = AnyKey(STIXIdentity.trafficLightExtension)
    if let inside = try? extensions.nestedContainer(keyedBy: Key.self, forKey: tlp) {
      colour = JSONReading.text(inside, .colour).flatMap(TrafficLight.init(label:)) ?? colour
    }
    let own = AnyKey(STIXIdentity.digestExtension)
    if let inside = try? extensions.nestedContainer(keyedBy: AnyKey.self, forKey: own) {
      var fields: [String: String] = [:]
      for key in inside.allKeys { fields[key.stringValue] = JSONReading.text(inside, key) }
      extensionFields = fields
    }
  }

  /// A key of a name that is known only when it is met.
  struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }
}
