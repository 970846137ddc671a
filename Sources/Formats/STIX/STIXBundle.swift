internal import Foundation

/// Reads a STIX 2.1 bundle.
enum STIXBundle {
  /// Objects that are about others, or about the bundle.
  private static let silent: Set<String> = [
    "identity", "marking-definition", "extension-definition", "relationship", "language-content", "sighting", "note",
    "opinion", "report", "grouping", "observed-data",
  ]

  private struct Wire: Decodable {
    var objects: [STIXObject] = []

    enum Key: String, CodingKey { case objects }

    init(from decoder: any Decoder) throws {
      objects = JSONReading.list(try decoder.container(keyedBy: Key.self), .objects, of: STIXObject.self)
    }
  }

  /// - Throws: `document-malformed`.
  static func decode(_ data: Data) throws(DocumentProblem) -> [STIXObject] {
    try JSONReading.decode(Wire.self, from: data).objects
  }

  static func items(_ objects: [STIXObject]) -> [DocumentItem] {
    let context = STIXContext(objects)
    return objects.flatMap { object -> [DocumentItem] in
      guard !silent.contains(object.type) else { return [] }
      let content = content(of: object)
      guard case .found(let identifiers) = content else { return content.item(of: object.id).map { [$0] } ?? [] }
      if let refusal = context.refusal(of: object) { return [refusal] }
      let fields = fields(of: object, context)
      return identifiers.map { one in
        .found(
          FoundIdentifier(
            object: object.id, typeName: one.typeName, text: one.text, lacksWallet: one.lacksWallet, fields: fields))
      }
    }
  }

  /// What an object holds, before it is asked whether it may be listed.
  private enum Content {
    case found([(typeName: String, text: String, lacksWallet: Bool)])
    case refused(DocumentRefusal.Code, String)
    case leftOut(DocumentRefusal.Code, String)

    func item(of object: String) -> DocumentItem? {
      switch self {
      case .found: nil
      case .refused(let code, let reason): .refused(DocumentRefusal(code, reason, object: object))
      case .leftOut(let code, let reason): .leftOut(DocumentRefusal(code, reason, object: object))
      }
    }
  }

  private static func content(of object: STIXObject) -> Content {
    if object.type == "indicator" { return indicator(object) }
    guard let properties = STIXPaymentData.properties(of: object.type) else {
      return .leftOut(.notPaymentData, "An object of this type holds nothing by which anyone is paid.")
    }
    for property in properties {
      guard let text = object.properties[property], let reading = STIXPaymentData.reading(of: object.type, property)
      else {
        continue
      }
      return found([(reading, text)])
    }
    return .leftOut(
      .neverAnIndicator, "It names no account, card or address: a bank or an issuer is never an indicator.")
  }

  private static func indicator(_ object: STIXObject) -> Content {
    guard let pattern = object.pattern else { return .refused(.objectMalformed, "An indicator has a pattern.") }
    if object.patternType == STIXIdentity.digestPatternType {
      return .refused(
        .digestOnly, "It carries a digest without its identifier; the coalition that lists it shares it by its node.")
    }
    guard object.patternType ?? "stix" == "stix" else {
      return .refused(.patternLanguage, "Its pattern is of another language than STIX's (pattern_type).")
    }
    let comparisons: [STIXPattern.Comparison]
    do {
      comparisons = try STIXPattern(pattern).comparisons
    } catch {
      switch error {
      case .malformed(let what): return .refused(.patternMalformed, "The pattern breaks the grammar: \(what).")
      case .unsupported(let what): return .refused(.patternUnsupported, "The pattern is not taken: \(what).")
      }
    }
    let readings = comparisons.map { STIXPaymentData.reading(of: $0.objectType, $0.property) }
    if readings.allSatisfy({ $0 == nil }) {
      return .leftOut(.notPaymentData, "Its pattern is about nothing by which anyone is paid.")
    }
    guard readings.allSatisfy({ $0 != nil }) else {
      return .refused(
        .patternMixed, "An alternative of its pattern is no payment data, and half of a pattern is never taken.")
    }
    return found(
      zip(comparisons, readings).flatMap { comparison, reading in
        comparison.values.compactMap { value in reading.map { ($0, value) } }
      })
  }

  private static func found(_ readings: [(STIXPaymentData.Reading, String)]) -> Content {
    var identifiers: [(typeName: String, text: String, lacksWallet: Bool)] = []
    for (reading, text) in readings {
      switch reading {
      case .identifier(let name): identifiers.append((name, text, false))
      case .inWallet(let name): identifiers.append((name, text, true))
      case .never:
        return .leftOut(.neverAnIndicator, "A bank's or an issuer's code is part of many identifiers and never one.")
      }
    }
    return .found(identifiers)
  }

  private static func fields(of object: STIXObject, _ context: STIXContext) -> [ListingField: String] {
    var fields: [ListingField: String] = [:]
    for (name, value) in object.extensionFields ?? [:] {
      if let field = ListingField(rawValue: name.replacing("_", with: "-")) { fields[field] = value }
    }
    if let from = object.validFrom { fields[.validFrom] = Timestamp(from).map { Timestamp.text(day: $0.day) } ?? "?" }
    if let until = object.validUntil {
      fields[.validUntil] = Timestamp(until).map { Timestamp.text(day: $0.lastDayBefore) } ?? "?"
    }
    if let confidence = object.confidence { fields[.confidence] = confidence }
    if let colour = context.colour(of: object) { fields[.handling] = colour.handling }
    return fields
  }
}
