internal import Foundation

/// Reading JSON that others wrote: a field of another kind than expected is a field that is not there, or an unreadable text, never the
/// end of the document.
enum JSONReading {
  /// - Throws: `document-malformed`.
  static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws(DocumentProblem) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      // The decoder's own words may quote the document.
      throw DocumentProblem(.malformed, "it is not JSON of the form that it should have (RFC 8259)")
    }
  }

  /// A string, number or truth value as text; nil for anything else.
  static func text<Key: CodingKey>(_ container: KeyedDecodingContainer<Key>, _ key: Key) -> String? {
    if let text = try? container.decode(String.self, forKey: key) { return text }
    if let number = try? container.decode(Int.self, forKey: key) { return String(number) }
    if let flag = try? container.decode(Bool.self, forKey: key) { return flag ? "true" : "false" }
    if let number = try? container.decode(Double.self, forKey: key) { return String(number) }
    return nil
  }

  /// A text, or, for a field that is there and holds none, a text that nothing accepts.
  static func said<Key: CodingKey>(_ container: KeyedDecodingContainer<Key>, _ key: Key) -> String? {
    guard container.contains(key), (try? container.decodeNil(forKey: key)) != true else { return nil }
    return text(container, key) ?? "?"
  }

  /// The strings of a list; a single string is a list of one.
  static func texts<Key: CodingKey>(_ container: KeyedDecodingContainer<Key>, _ key: Key) -> [String] {
    if let one = try? container.decode(String.self, forKey: key) { return [one] }
    return list(container, key, of: Maybe<String>.self).compactMap(\.value)
  }

  /// A list's members that are of a kind; empty if it is none.
  static func list<Key: CodingKey, Value: Decodable>(
    _ container: KeyedDecodingContainer<Key>, _ key: Key, of type: Value.Type
  ) -> [Value] {
    guard var members = try? container.nestedUnkeyedContainer(forKey: key) else { return [] }
    return list(&members, of: type)
  }

  /// One after the other, so that members of another kind take no room.
  static func list<Value: Decodable>(_ members: inout any UnkeyedDecodingContainer, of type: Value.Type) -> [Value] {
    var values: [Value] = []
    while !members.isAtEnd, let member = try? members.decode(Maybe<Value>.self) {
      if let value = member.value { values.append(value) }
    }
    return values
  }

  static func isTrue(_ text: String?) -> Bool { text == "true" || text == "1" }

  /// A member that may be of another kind, which is then passed over.
  struct Maybe<Value: Decodable>: Decodable {
    let value: Value?

    init(from decoder: any Decoder) throws {
      value = try? Value(from: decoder)
    }
  }
}
