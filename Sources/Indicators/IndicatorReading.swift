/// What a text is when it is taken as one type: the identifier in its canonical form, or why it is none.
public struct IndicatorReading: Sendable {
  public let type: IndicatorType
  /// How identifiers of this type are written, for people.
  public let form: String
  /// The standards of the rule.
  public let source: String
  public let outcome: Result<Indicator, IndicatorRejection>
  /// How many such values there are; nil if it is none.
  public let space: SearchSpace?

  /// Whether the text has the form of the type and fails only at what guards against slips: a mistyped identifier,
  /// more likely than another thing.
  public var isNear: Bool { if case .failure(let rejection) = outcome { rejection.isNear } else { false } }
}

extension Indicator {
  /// Takes a text as each type in turn, by type number.
  /// - Parameter type: only as this one.
  /// - Throws: `empty` or `length` for a text that is no identifier of any type.
  public static func readings(
    of text: String, as type: IndicatorType? = nil
  ) throws(IndicatorRejection) -> [IndicatorReading] {
    _ = try BoundedText(text, limit: BoundedText.highestLimit)
    let rules = IndicatorRules.all.filter { type == nil || $0.type == type }.sorted { $0.type < $1.type }
    var readings: [IndicatorReading] = []
    for rule in rules {
      let outcome: Result<Indicator, IndicatorRejection>
      do {
        outcome = .success(try parse(text, as: rule.type))
      } catch {
        outcome = .failure(error)
      }
      let space = (try? outcome.get()).map { rule.space(scheme: $0.scheme, value: $0.value) }
      readings.append(
        IndicatorReading(type: rule.type, form: rule.form, source: rule.source, outcome: outcome, space: space))
    }
    return readings
  }

  /// Whether a text without a type may be taken for this one.
  public static func isGuessed(_ type: IndicatorType) -> Bool {
    IndicatorRules.all.first { $0.type == type }?.isGuessed ?? false
  }
}
