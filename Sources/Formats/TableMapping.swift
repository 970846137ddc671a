internal import Foundation

/// What the columns of a table hold, as a small file of JSON says it:
///
///     {"columns": {"iban": "account", "merchant-id": ["acquirer", "mid"]},
///      "fields": {"confidence": "score", "case-reference": "file"},
///      "delimiter": "semicolon", "encoding": "windows-1252"}
///
/// Instead of `columns`, `"type": "kind", "value": "identifier"` names a column with the type of each row and one with its identifier.
public struct TableMapping: Sendable, Hashable {
  public static let byteLimit = 64 << 10

  /// A column with the type of each row, and one with its identifier.
  public struct TypedColumn: Sendable, Hashable {
    public let type: String
    public let value: String

    public init(type: String, value: String) {
      self.type = type
      self.value = value
    }
  }

  public var columns: [ColumnMap] = []
  public var typed: TypedColumn?
  /// The column of each field.
  public var fields: [ListingField: String] = [:]
  public var delimiter: CSVDelimiter?
  public var encoding: TextEncoding?

  public init() {}

  private enum Key: String, CaseIterable { case columns, type, value, fields, delimiter, encoding }

  /// - Throws: `mapping`, naming the key.
  public init(json bytes: [UInt8]) throws(TableMappingProblem) {
    guard bytes.count <= Self.byteLimit else {
      throw TableMappingProblem("it is larger than \(Self.byteLimit) bytes", key: "")
    }
    let parts: [String: Part]
    do {
      let data = Data(bytes)
      try JSONShape.check(data, depth: 8)
      parts = try JSONReading.decode([String: Part].self, from: data)
    } catch {
      throw TableMappingProblem("it is not an object of JSON", key: "")
    }
    let known = Key.allCases.map(\.rawValue)
    for key in parts.keys.sorted() where !known.contains(key) {
      throw TableMappingProblem("there is no such key; there are \(known.joined(separator: ", "))", key: key)
    }
    columns = try Self.columns(parts["columns"])
    fields = try Self.fields(parts["fields"])
    delimiter = try Self.choice(parts["delimiter"], "delimiter")
    encoding = try Self.choice(parts["encoding"], "encoding")
    switch (try Self.text(parts["type"], "type"), try Self.text(parts["value"], "value")) {
    case (let type?, let value?): typed = TypedColumn(type: type, value: value)
    case (nil, nil): break
    case (nil, _): throw TableMappingProblem("value goes with a column for the type of each row", key: "type")
    case (_, nil): throw TableMappingProblem("type goes with a column for the identifiers", key: "value")
    }
    guard columns.isEmpty || typed == nil else {
      throw TableMappingProblem("a table has columns of types, or one of types and one of identifiers", key: "columns")
    }
    guard !columns.isEmpty || typed != nil else {
      throw TableMappingProblem("it says for no type in which column it is", key: "columns")
    }
  }

  private static func columns(_ part: Part?) throws(TableMappingProblem) -> [ColumnMap] {
    guard let part else { return [] }
    guard case .object(let columns) = part else {
      throw TableMappingProblem("it is not an object of types and columns", key: "columns")
    }
    var maps: [ColumnMap] = []
    for (type, part) in columns.sorted(by: { $0.key < $1.key }) {
      let names: [String] =
        switch part {
        case .text(let name): [name]
        case .list(let names): names
        case .object, .other: []
        }
      guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty }) else {
        throw TableMappingProblem("it is neither the name of a column nor a list of such", key: "columns.\(type)")
      }
      maps.append(ColumnMap(typeName: type, columns: names))
    }
    return maps
  }

  private static func fields(_ part: Part?) throws(TableMappingProblem) -> [ListingField: String] {
    guard let part else { return [:] }
    guard case .object(let columns) = part else {
      throw TableMappingProblem("it is not an object of fields and columns", key: "fields")
    }
    var fields: [ListingField: String] = [:]
    for (name, part) in columns.sorted(by: { $0.key < $1.key }) {
      guard let field = ListingField(rawValue: name) else {
        let known = ListingField.allCases.map(\.rawValue).joined(separator: ", ")
        throw TableMappingProblem("there is no such field; there are \(known)", key: "fields.\(name)")
      }
      fields[field] = try text(part, "fields.\(name)")
    }
    return fields
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ part: Part?, _ key: String
  ) throws(TableMappingProblem) -> Choice? {
    guard let name = try text(part, key) else { return nil }
    guard let choice = Choice(rawValue: name.lowercased()) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw TableMappingProblem("it is none of \(known)", key: key)
    }
    return choice
  }

  private static func text(_ part: Part?, _ key: String) throws(TableMappingProblem) -> String? {
    guard let part else { return nil }
    guard case .text(let text) = part, !text.isEmpty else {
      throw TableMappingProblem("it is not a text", key: key)
    }
    return text
  }

  /// A value of the file.
  private enum Part: Decodable {
    case text(String)
    case list([String])
    indirect case object([String: Part])
    case other

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self = .text(text)
      } else if let list = try? decoder.singleValueContainer().decode([String].self) {
        self = .list(list)
      } else if let object = try? decoder.singleValueContainer().decode([String: Part].self) {
        self = .object(object)
      } else {
        self = .other
      }
    }
  }
}

/// Why a mapping file is not taken.
public struct TableMappingProblem: Error, Sendable, Hashable {
  public static let code = "bad-mapping"

  /// The key, such as `fields.confidence`; empty for the whole file.
  public let key: String
  /// One sentence for people.
  public let reason: String

  init(_ reason: String, key: String) {
    self.key = key
    self.reason = reason
  }
}
