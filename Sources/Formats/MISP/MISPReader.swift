/// Judges the attributes of one event, or of one object in it.
struct MISPReader {
  let event: MISPDocument.Event
  let object: MISPDocument.Object?
  let includesContext: Bool

  func items(of attribute: MISPAttribute) -> [DocumentItem] {
    guard let reading = MISPPaymentData.reading(of: attribute, in: object) else {
      // Within an object the other attributes describe the one that is an identifier.
      return object == nil
        ? [leftOut(attribute, .notPaymentData, "An attribute of this type is nothing by which anyone is paid.")] : []
    }
    if case .never(let reason) = reading { return [leftOut(attribute, .neverAnIndicator, reason)] }
    if let item = refusal(of: attribute) { return [item] }
    let (name, text, lacksWallet) =
      switch reading {
      case .identifier(let name, let text): (name, text, false)
      case .inWallet(let name, let text): (name, text, true)
      case .never: ("", "", false)
      }
    return [
      .found(
        FoundIdentifier(
          object: attribute.uuid, typeName: name, text: text, lacksWallet: lacksWallet, fields: fields(of: attribute)))
    ]
  }

  /// A listing that this software exported.
  func ownItems(of object: MISPDocument.Object) -> [DocumentItem] {
    guard let identifier = object.attributes.first(where: { $0.relation == "identifier" }), let text = identifier.value,
      let type = object.value("indicator-type")
    else {
      let digest = object.attributes.first { $0.relation == "digest" }
      let id = digest?.uuid ?? object.attributes.first?.uuid ?? ""
      return [
        .refused(
          DocumentRefusal(
            .digestOnly,
            "It carries a digest without its identifier; the coalition that lists it shares it by its node.", object: id
          ))
      ]
    }
    if let item = refusal(of: identifier) { return [item] }
    var fields = fields(of: identifier)
    for field in ListingField.allCases {
      if let said = object.value(field.rawValue) { fields[field] = said }
    }
    if SubjectWords.nameBuyerOrVictim([fields[.role] ?? ""]) {
      return [.refused(DocumentRefusal(.role, SubjectWords.reason, object: identifier.uuid))]
    }
    return [
      .found(
        FoundIdentifier(object: identifier.uuid, typeName: type, text: text, lacksWallet: false, fields: fields))
    ]
  }

  private func refusal(of attribute: MISPAttribute) -> DocumentItem? {
    if attribute.isDeleted || object?.isDeleted == true {
      return leftOut(attribute, .deleted, "It is deleted in the event.")
    }
    let words = tags(of: attribute) + [attribute.relation, object?.name ?? ""] + (object?.relations ?? [])
    if SubjectWords.nameBuyerOrVictim(words) || attribute.category == "Targeting data" {
      return .refused(DocumentRefusal(.role, SubjectWords.reason, object: attribute.uuid))
    }
    if let refusal = colour(of: attribute)?.refusal(of: attribute.uuid) { return .refused(refusal) }
    guard attribute.isForDetection || includesContext else {
      return leftOut(attribute, .context, "It is told for context only (to_ids); --include-context takes such too.")
    }
    return nil
  }

  private func leftOut(_ attribute: MISPAttribute, _ code: DocumentRefusal.Code, _ reason: String) -> DocumentItem {
    .leftOut(DocumentRefusal(code, reason, object: attribute.uuid))
  }

  private func tags(of attribute: MISPAttribute) -> [String] { attribute.tags + event.tags }

  private func colour(of attribute: MISPAttribute) -> TrafficLight? {
    tags(of: attribute).filter { $0.lowercased().hasPrefix("tlp:") }.compactMap(TrafficLight.init(label:)).max()
  }

  private func fields(of attribute: MISPAttribute) -> [ListingField: String] {
    var fields: [ListingField: String] = [:]
    if let colour = colour(of: attribute) { fields[.handling] = colour.handling }
    if let first = attribute.firstSeen ?? object?.firstSeen { fields[.observedFrom] = Self.day(first) }
    if let last = attribute.lastSeen ?? object?.lastSeen { fields[.observedUntil] = Self.day(last) }
    let tags = tags(of: attribute)
    if let confidence = MISPTaxonomies.confidence(tags) { fields[.confidence] = confidence }
    if let grade = MISPTaxonomies.sourceGrade(tags) { fields[.sourceGrade] = grade }
    return fields
  }

  private static func day(_ text: String) -> String { Timestamp(text).map { Timestamp.text(day: $0.day) } ?? "?" }
}
