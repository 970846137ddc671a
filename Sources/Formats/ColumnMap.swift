/// Which columns of a table make up one identifier, as a flag says it: `iban=creditor_account`, or for several columns
/// `merchant-id=acquirer+mid`, whose values are joined by `|` in that order.
public struct ColumnMap: Sendable, Hashable {
  /// The name of the type, as given; whether there is such a type is not known here.
  public let typeName: String

  /// The names of the columns; at least one.
  public let columns: [String]

  /// - Throws: `flag` when it is not of the form TYPE=COLUMN or TYPE=COLUMN+COLUMN.
  public init(flag: String) throws(ColumnMapProblem) {
    let parts = flag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let typeName = parts.first, let names = parts.last, !typeName.isEmpty else {
      throw ColumnMapProblem(.flag, "'\(flag)' is not of the form TYPE=COLUMN, such as iban=creditor_account.")
    }
    let columns = names.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    guard columns.allSatisfy({ !$0.isEmpty }) else {
      throw ColumnMapProblem(
        .flag, "'\(flag)' lacks the name of a column; join several as in merchant-id=acquirer+mid.")
    }
    self.typeName = String(typeName)
    self.columns = columns
  }

  /// Columns of a type that is known from elsewhere, or of none.
  public init(typeName: String = "", columns: [String]) {
    self.typeName = typeName
    self.columns = columns
  }

  /// The positions of the columns in a header, from 0.
  ///
  /// Names are compared exactly.
  ///
  /// - Throws: `missing-column` when a column is not there, `repeated-column` when it is there more than once.
  public func resolve(header: [String]) throws(ColumnMapProblem) -> [Int] {
    var positions: [Int] = []
    for column in columns {
      let found = header.indices.filter { header[$0] == column }
      guard let position = found.first else {
        let names = header.map { "'\($0)'" }.joined(separator: ", ")
        throw ColumnMapProblem(.missingColumn, "There is no column '\(column)'; the columns are \(names).")
      }
      guard found.count == 1 else {
        throw ColumnMapProblem(
          .repeatedColumn, "Column '\(column)' is there \(found.count) times; give each its own name.")
      }
      positions.append(position)
    }
    return positions
  }

  /// The identifier's text in a row, by the positions that `resolve` found; nil when the row is too short.
  public static func text(of row: CSVRow, at positions: [Int]) -> String? {
    guard positions.allSatisfy(row.fields.indices.contains) else { return nil }
    return positions.map { row.fields[$0] }.joined(separator: "|")
  }
}

/// Why a flag or a header does not give the columns of an identifier.
public struct ColumnMapProblem: Error, Sendable, Hashable {
  public enum Code: String, CaseIterable, Sendable {
    case flag
    case missingColumn = "missing-column"
    case repeatedColumn = "repeated-column"
  }

  /// The stable word for machines, one of `Code`'s raw values.
  public let code: String

  /// One sentence for people that names the column.
  public let reason: String

  init(_ code: Code, _ reason: String) {
    self.code = code.rawValue
    self.reason = reason
  }
}

extension ColumnMapProblem: CustomStringConvertible {
  public var description: String { reason }
}
