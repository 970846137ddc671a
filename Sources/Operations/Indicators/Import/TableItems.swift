internal import Formats
internal import Indicators
internal import Wire

/// The items of a table, row by row: its header says which columns hold what.
struct TableItems {
  /// What our own exports write, and what is taken without being told if no column bears a type's name.
  private static let ownForm = TableMapping.TypedColumn(type: "type", value: "value")

  private enum Columns {
    case types([(type: IndicatorType, name: String, positions: [Int])])
    case typed(type: Int, value: Int)
  }

  private let maps: [ColumnMap]
  private let mapping: TableMapping
  private var columns: Columns?
  private var fields: [(field: ListingField, position: Int)] = []

  init(maps: [ColumnMap], mapping: TableMapping) {
    self.maps = maps
    self.mapping = mapping
  }

  /// - Throws: `Problem` `no-columns`, `missing-column`, `repeated-column`, `unsupported-type`, and what the body throws.
  mutating func take(_ result: Result<CSVRow, CSVProblem>, _ body: (ImportedItem) throws -> Void) throws {
    switch result {
    case .failure(let problem):
      try body(.rejected(.line(problem.line), type: "", code: problem.code, reason: problem.reason))
    case .success(let row):
      guard let columns else {
        try readHeader(row.fields)
        return
      }
      let said = self.said(of: row)
      switch columns {
      case .types(let columns): try take(row, columns, said, body)
      case .typed(let type, let value): try take(row, type, value, said, body)
      }
    }
  }

  private func take(
    _ row: CSVRow, _ columns: [(type: IndicatorType, name: String, positions: [Int])], _ said: [ListingField: String],
    _ body: (ImportedItem) throws -> Void
  ) throws {
    for column in columns {
      guard let text = ColumnMap.text(of: row, at: column.positions) else {
        try body(Self.short(row, column.type.name))
        continue
      }
      if columns.count > 1, text.allSatisfy({ $0 == "|" || $0.isWhitespace }) { continue }
      try body(.found(FoundItem(place: .line(row.line), type: column.type, text: text, fields: said)))
    }
  }

  private func take(
    _ row: CSVRow, _ type: Int, _ value: Int, _ said: [ListingField: String], _ body: (ImportedItem) throws -> Void
  ) throws {
    guard row.fields.indices.contains(type), row.fields.indices.contains(value) else {
      return try body(Self.short(row, ""))
    }
    let text = row.fields[value]
    guard !text.isEmpty else {
      return try body(
        .rejected(
          .line(row.line), type: "", code: DocumentRefusal.Code.digestOnly.rawValue,
          reason: "The row holds no identifier: an export without --reveal has digests alone."))
    }
    guard let type = IndicatorType(name: row.fields[type]), IndicatorType.supported.contains(type) else {
      // What stands there may be an identifier in the wrong column, so it is not repeated.
      return try body(
        .rejected(
          .line(row.line), type: "", code: IndicatorRejection.Code.unsupportedType.rawValue,
          reason: "The row's type is none that there is here."))
    }
    try body(.found(FoundItem(place: .line(row.line), type: type, text: text, fields: said)))
  }

  private static func short(_ row: CSVRow, _ type: String) -> ImportedItem {
    .rejected(.line(row.line), type: type, code: "row-short", reason: "the row has fewer columns than the header")
  }

  private mutating func readHeader(_ header: [String]) throws(Problem) {
    var columnOfField = mapping.fields
    var typed = mapping.typed
    if maps.isEmpty, typed == nil, header.contains(Self.ownForm.type), header.contains(Self.ownForm.value) {
      typed = Self.ownForm
      for field in ListingField.allCases where header.contains(field.rawValue) { columnOfField[field] = field.rawValue }
    }
    if let typed {
      let positions = try TypedColumns.positions(
        ColumnMap(columns: [typed.type, typed.value]), header, "the columns of type and value")
      columns = .typed(type: positions[0], value: positions[1])
    } else {
      columns = .types(try TypedColumns.resolve(maps, header: header))
    }
    for (field, column) in columnOfField.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let positions = try TypedColumns.positions(ColumnMap(columns: [column]), header, "fields.\(field.rawValue)")
      fields.append((field, positions[0]))
    }
  }

  /// What a row says; an empty cell says nothing.
  private func said(of row: CSVRow) -> [ListingField: String] {
    guard !fields.isEmpty else { return [:] }
    var said: [ListingField: String] = [:]
    for (field, position) in fields where row.fields.indices.contains(position) && !row.fields[position].isEmpty {
      said[field] = row.fields[position]
    }
    return said
  }
}
