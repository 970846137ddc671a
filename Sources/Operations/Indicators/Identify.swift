public import Formats
public import Indicators
public import Wire

/// `vaka identify`: what a text could be, whether it is valid and why not, and what a digest of it hides. It needs no node and keeps
/// nothing.
public enum Identify {
  /// One way to read a text.
  public struct Reading: Sendable, Codable {
    public let type: String
    public let valid: Bool
    /// Whether it fails only at a check digit or the like.
    public let near: Bool
    /// Whether the type is found without being named; types that take nearly every text are not.
    public let guessed: Bool
    public let scheme: String
    public let canonical: String
    public let normaliser: UInt8
    /// The code and the rule that failed; empty if it is valid.
    public let code: String
    public let reason: String
    public let form: String
    public let source: String
    /// The decimal order of the number of such values, and which are counted.
    public let spaceOrder: Int?
    public let spaceCounted: String
    /// Of a domain, the part that somebody registered; empty if it is an ending below which anybody may register, nil for other types.
    public let registrable: String?
  }

  public struct Answer: Sendable, Codable {
    public let readings: [Reading]

    /// The readings that a command without a type would choose from.
    public var valid: [Reading] { readings.filter(\.valid) }
  }

  /// One value.
  /// - Throws: `Problem` `empty`.
  public static func value(_ text: String, type: IndicatorType?) throws(Problem) -> Answer {
    do {
      return Answer(readings: try Indicator.readings(of: text, as: type).map(Reading.init))
    } catch {
      throw Problem(error.code, error.reason, object: "identifier")
    }
  }

  /// What one row of a table holds.
  public struct RowVerdict: Sendable {
    public let line: Int
    /// Empty if it is not valid.
    public let type: String
    public let scheme: String
    public let canonical: String
    public let code: String
    public let reason: String
  }

  public struct TableAnswer: Sendable, Codable {
    public var rows = 0
    public var valid = 0
    /// Valid rows by type and scheme, such as `crypto-address bitcoin`.
    public var kinds: [String: Int] = [:]
    /// Other rows by code.
    public var rejections: [String: Int] = [:]
    /// Of the table; absent if it is ASCII.
    public var encoding: String?
  }

  /// A column of a table.
  /// - Parameters:
  ///   - columns: the names of the columns that make one identifier, joined by `|`.
  ///   - encoding: of the table; nil to find it out.
  ///   - report: told of every row, in order.
  /// - Throws: `Problem` `missing-column` and what `report` throws.
  public static func table(
    _ source: TableSource, columns: [String], type: IndicatorType?, encoding: TextEncoding? = nil,
    report: (RowVerdict) throws -> Void
  ) throws -> TableAnswer {
    var answer = TableAnswer()
    var positions: [Int]?
    let found = try CSVTable.each(source, encoding: encoding) { result in
      switch result {
      case .failure(let problem):
        try note(rejected(problem.line, problem.code, problem.reason), &answer, report)
      case .success(let row):
        guard let positions else {
          positions = try TypedColumns.positions(of: columns, header: row.fields)
          return
        }
        guard let text = ColumnMap.text(of: row, at: positions) else {
          return try note(
            rejected(row.line, "row-short", "the row has fewer columns than the header"), &answer, report)
        }
        try note(verdict(text, type, line: row.line), &answer, report)
      }
    }
    answer.encoding = found?.rawValue
    return answer
  }

  private static func verdict(_ text: String, _ type: IndicatorType?, line: Int) -> RowVerdict {
    do {
      let indicator = try Indicator.parse(text, as: type)
      return RowVerdict(
        line: line, type: indicator.type.name, scheme: indicator.scheme, canonical: indicator.value, code: "",
        reason: "")
    } catch {
      return rejected(line, error.code, error.reason)
    }
  }

  private static func rejected(_ line: Int, _ code: String, _ reason: String) -> RowVerdict {
    RowVerdict(line: line, type: "", scheme: "", canonical: "", code: code, reason: reason)
  }

  private static func note(
    _ verdict: RowVerdict, _ answer: inout TableAnswer, _ report: (RowVerdict) throws -> Void
  ) rethrows {
    answer.rows += 1
    if verdict.code.isEmpty {
      answer.valid += 1
      answer.kinds[verdict.scheme.isEmpty ? verdict.type : "\(verdict.type) \(verdict.scheme)", default: 0] += 1
    } else {
      answer.rejections[verdict.code, default: 0] += 1
    }
    try report(verdict)
  }
}

extension Identify.Reading {
  init(_ reading: IndicatorReading) {
    let indicator = try? reading.outcome.get()
    let rejection: IndicatorRejection? = if case .failure(let rejection) = reading.outcome { rejection } else { nil }
    self.init(
      type: reading.type.name, valid: indicator != nil, near: reading.isNear,
      guessed: Indicator.isGuessed(reading.type), scheme: indicator?.scheme ?? "", canonical: indicator?.value ?? "",
      normaliser: indicator?.normaliser ?? 0, code: rejection?.code ?? "", reason: rejection?.reason ?? "",
      form: reading.form, source: reading.source, spaceOrder: reading.space?.order,
      spaceCounted: reading.space?.counted ?? "",
      registrable: indicator.flatMap { $0.type == .domain ? PublicSuffix.registrable($0.value) ?? "" : nil })
  }
}
