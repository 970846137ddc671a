internal import Foundation

/// One attribute of a MISP event, of its own or of an object (MISP core format). Comments are never read.
struct MISPAttribute: Decodable {
  var uuid = ""
  var type = ""
  var category = ""
  var value: String?
  var relation = ""
  var isForDetection = true
  var isDeleted = false
  var tags: [String] = []
  var firstSeen: String?
  var lastSeen: String?

  private enum Key: String, CodingKey {
    case uuid, type, category, value
    case relation = "object_relation"
    case detection = "to_ids"
    case deleted
    case tags = "Tag"
    case firstSeen = "first_seen"
    case lastSeen = "last_seen"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    uuid = DocumentID.checked(JSONReading.text(container, .uuid))
    type = JSONReading.text(container, .type) ?? ""
    category = JSONReading.text(container, .category) ?? ""
    // The digits of a card must not be read where only its security code stands.
    value = type == "card-security-code" ? nil : JSONReading.text(container, .value)
    relation = JSONReading.text(container, .relation) ?? ""
    isForDetection = JSONReading.text(container, .detection).map(JSONReading.isTrue) ?? false
    isDeleted = JSONReading.isTrue(JSONReading.text(container, .deleted))
    tags = JSONReading.list(container, .tags, of: MISPTag.self).compactMap(\.name)
    firstSeen = JSONReading.said(container, .firstSeen)
    lastSeen = JSONReading.said(container, .lastSeen)
  }
}

/// The name of a tag, such as `tlp:green`.
struct MISPTag: Decodable {
  var name: String?

  private enum Key: String, CodingKey { case name }

  init(from decoder: any Decoder) throws {
    name = JSONReading.text(try decoder.container(keyedBy: Key.self), .name)
  }
}
