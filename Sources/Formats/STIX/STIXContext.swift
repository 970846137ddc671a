/// What the rest of a bundle says of an object: its markings, whose it is, and how it is related.
struct STIXContext {
  private var definitions: [String: STIXObject] = [:]
  /// Objects that name a buyer or a victim.
  private var named: Set<String> = []
  /// Objects that a relationship ties to one of those, or whose relationship says so itself.
  private var related: Set<String> = []

  init(_ objects: [STIXObject]) {
    for object in objects where object.type == "marking-definition" { definitions[object.reference] = object }
    for object in objects where object.type != "relationship" && SubjectWords.nameBuyerOrVictim(object.words) {
      named.insert(object.reference)
    }
    for object in objects where object.type == "relationship" {
      if SubjectWords.nameBuyerOrVictim(object.words) || object.ends.contains(where: named.contains) {
        related.formUnion(object.ends)
      }
    }
  }

  /// Why an object must not be listed, or is not; nil if it may be.
  func refusal(of object: STIXObject) -> DocumentItem? {
    if object.isRevoked {
      return .leftOut(DocumentRefusal(.revoked, "The document takes it back (revoked).", object: object.id))
    }
    let names = [object.reference] + object.holders
    if names.contains(where: named.contains) || related.contains(object.reference)
      || SubjectWords.nameBuyerOrVictim([object.extensionFields?["role"] ?? ""])
    {
      return .refused(DocumentRefusal(.role, SubjectWords.reason, object: object.id))
    }
    if let refusal = colour(of: object)?.refusal(of: object.id) { return .refused(refusal) }
    guard object.markings.allSatisfy(isKnown) else {
      return .refused(
        DocumentRefusal(
          .markingUnknown,
          "It is marked by a definition that is neither TLP's nor a notice, so nobody can tell who may see it.",
          object: object.id))
    }
    return nil
  }

  /// The strictest colour of an object's markings.
  func colour(of object: STIXObject) -> TrafficLight? {
    object.markings.compactMap { TrafficLight.markings[$0] ?? definitions[$0]?.colour }.max()
  }

  private func isKnown(_ marking: String) -> Bool {
    TrafficLight.markings[marking] != nil || definitions[marking].map { $0.colour != nil || $0.isStatement } ?? false
  }
}
