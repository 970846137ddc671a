internal import Formats
internal import Indicators
internal import Wire

/// Which columns of a table hold identifiers of which type.
enum TypedColumns {
  /// By the maps given, or, without any, by columns that bear a type's name.
  /// - Throws: `Problem` `unsupported-type`, `missing-column` or `no-columns`.
  static func resolve(
    _ maps: [ColumnMap], header: [String]
  ) throws(Problem) -> [(type: IndicatorType, name: String, positions: [Int])] {
    var maps = maps
    if maps.isEmpty {
      maps = IndicatorType.supported.filter { header.contains($0.name) }
        .compactMap { try? ColumnMap(flag: "\($0.name)=\($0.name)") }
    }
    guard !maps.isEmpty else {
      throw Problem(
        "no-columns", "no column bears the name of a type; the columns are \(header.joined(separator: ", "))",
        next: "say which one holds what: --map crypto-address=COLUMN")
    }
    var columns: [(type: IndicatorType, name: String, positions: [Int])] = []
    for map in maps {
      guard let type = IndicatorType(name: map.typeName), IndicatorType.supported.contains(type) else {
        let known = IndicatorType.supported.map(\.name).joined(separator: ", ")
        throw Problem("unsupported-type", "there is no such type here", object: map.typeName, next: "types: \(known)")
      }
      columns.append((type, map.columns.joined(separator: "+"), try positions(map, header, "--map \(map.typeName)")))
    }
    return columns
  }

  /// The positions of the columns that together make one identifier.
  /// - Throws: `Problem` `missing-column` or `repeated-column`.
  static func positions(of columns: [String], header: [String]) throws(Problem) -> [Int] {
    try positions(ColumnMap(columns: columns), header, "--column")
  }

  /// - Parameter option: where the columns were named, for people.
  static func positions(_ map: ColumnMap, _ header: [String], _ option: String) throws(Problem) -> [Int] {
    do {
      return try map.resolve(header: header)
    } catch {
      throw Problem(error.code, error.reason, object: option)
    }
  }
}
