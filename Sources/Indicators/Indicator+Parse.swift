extension Indicator {
  /// Validates a text and brings it into its canonical form.
  ///
  /// Without a type every rule is tried, and the text must fit exactly one of them: a guess between two readings would
  /// list, or miss, the wrong thing.
  ///
  /// - Parameters:
  ///   - text: from outside, at most as many bytes of UTF-8 as its type's rule takes: 256 for most, 2,048 for a url.
  ///   - type: what it is, when that is known.
  /// - Throws: `IndicatorRejection`; its reason never repeats the text.
  public static func parse(_ text: String, as type: IndicatorType?) throws(IndicatorRejection) -> Indicator {
    guard let type else { return try parse(text, trying: IndicatorRules.all.filter { $0.isGuessed }) }
    guard let rule = IndicatorRules.rule(of: type) else { throw .unsupported(type) }
    return try parse(text, by: rule)
  }

  /// The version of a type's canonical form; 0 for a type without a rule.
  public static func normaliser(of type: IndicatorType) -> UInt8 {
    IndicatorRules.rule(of: type)?.normaliser ?? 0
  }

  static func parse(
    _ text: String, trying rules: [any IndicatorRule.Type]
  ) throws(IndicatorRejection) -> Indicator {
    // An empty or oversized text is that, whatever the type; it needs no list of attempts.
    _ = try BoundedText(text, limit: BoundedText.highestLimit)
    var readings: [Indicator] = []
    var near: [String] = []
    for rule in rules {
      do {
        readings.append(try parse(text, by: rule))
      } catch {
        if error.isNear { near.append("As \(rule.type.name): \(error.reason)") }
      }
    }
    guard let reading = readings.first else {
      let reasons = near.isEmpty ? ["Name the type to see which of its rules fails."] : near
      throw IndicatorRejection(.unrecognised, "No type accepts it. " + reasons.joined(separator: " "))
    }
    guard readings.count == 1 else {
      let types = readings.map(\.type).sorted()
      throw IndicatorRejection(
        .ambiguous, "It can be read as \(names(types)); say which type it is.", readings: types)
    }
    return reading
  }

  private static func parse(
    _ text: String, by rule: any IndicatorRule.Type
  ) throws(IndicatorRejection) -> Indicator {
    let parsed = try rule.parse(text)
    return try Indicator(
      type: rule.type, scheme: parsed.scheme, value: parsed.value, normaliser: rule.normaliser)
  }

  private static func names(_ types: [IndicatorType]) -> String {
    types.map(\.name).joined(separator: ", ")
  }
}

extension IndicatorRejection {
  static func unsupported(_ type: IndicatorType) -> IndicatorRejection {
    let supported = IndicatorType.supported.map(\.name).joined(separator: ", ")
    return IndicatorRejection(.unsupportedType, "There is no rule for \(type.name); types supported: \(supported).")
  }

  static let tooLongForDigest = IndicatorRejection(
    .length, "The canonical form is longer than a digest can take.")
}
