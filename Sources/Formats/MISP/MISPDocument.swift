internal import Foundation

/// Reads MISP events: `{"Event": …}`, `{"response": […]}`, a list of either, or an event alone.
enum MISPDocument {
  struct Event: Decodable {
    var tags: [String] = []
    var attributes: [MISPAttribute] = []
    var objects: [Object] = []

    enum Key: String, CodingKey {
      case tags = "Tag"
      case attributes = "Attribute"
      case objects = "Object"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      tags = JSONReading.list(container, .tags, of: MISPTag.self).compactMap(\.name)
      attributes = JSONReading.list(container, .attributes, of: MISPAttribute.self)
      objects = JSONReading.list(container, .objects, of: Object.self)
    }
  }

  /// Attributes that belong together, by a template.
  struct Object: Decodable {
    var name = ""
    var isDeleted = false
    var attributes: [MISPAttribute] = []
    /// The names of its relations to other objects.
    var relations: [String] = []
    var firstSeen: String?
    var lastSeen: String?

    private enum Key: String, CodingKey {
      case name, deleted
      case attributes = "Attribute"
      case references = "ObjectReference"
      case relation = "relationship_type"
      case firstSeen = "first_seen"
      case lastSeen = "last_seen"
    }

    private struct Reference: Decodable {
      var relation: String?

      init(from decoder: any Decoder) throws {
        relation = JSONReading.text(try decoder.container(keyedBy: Key.self), .relation)
      }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      name = JSONReading.text(container, .name) ?? ""
      isDeleted = JSONReading.isTrue(JSONReading.text(container, .deleted))
      attributes = JSONReading.list(container, .attributes, of: MISPAttribute.self)
      relations = JSONReading.list(container, .references, of: Reference.self).compactMap(\.relation)
      firstSeen = JSONReading.said(container, .firstSeen)
      lastSeen = JSONReading.said(container, .lastSeen)
    }
  }

  private struct Wire: Decodable {
    var events: [Event] = []

    private enum Key: String, CodingKey {
      case response, info, uuid
      case event = "Event"
      case attributes = "Attribute"
    }

    init(from decoder: any Decoder) throws {
      if var list = try? decoder.unkeyedContainer() {
        events = JSONReading.list(&list, of: Member.self).map(\.event)
        return
      }
      let container = try decoder.container(keyedBy: Key.self)
      if container.contains(.response) {
        events = JSONReading.list(container, .response, of: Member.self).map(\.event)
        if let one = try? container.decode(Member.self, forKey: .response) { events.append(one.event) }
      } else {
        events = [try Member(from: decoder).event]
      }
    }
  }

  /// An event, in its wrapping or without.
  private struct Member: Decodable {
    let event: Event

    private enum Key: String, CodingKey {
      case event = "Event"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      event = container.contains(.event) ? try container.decode(Event.self, forKey: .event) : try Event(from: decoder)
    }
  }

  /// - Throws: `document-malformed`.
  static func decode(_ data: Data) throws(DocumentProblem) -> [Event] {
    try JSONReading.decode(Wire.self, from: data).events
  }

  static func items(_ events: [Event], includesContext: Bool) -> [DocumentItem] {
    events.flatMap { event in
      event.attributes.flatMap { attribute in
        MISPReader(event: event, object: nil, includesContext: includesContext).items(of: attribute)
      }
        + event.objects.flatMap { object in
          let reader = MISPReader(event: event, object: object, includesContext: includesContext)
          return object.name == MISPPaymentData.ownObject
            ? reader.ownItems(of: object) : object.attributes.flatMap { reader.items(of: $0) }
        }
    }
  }
}
