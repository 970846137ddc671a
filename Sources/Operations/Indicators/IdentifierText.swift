internal import Indicators
internal import Wire

/// One identifier that a person gives.
enum IdentifierText {
  /// - Throws: `Problem` with the code of the rule that refuses it.
  static func parse(_ text: String, _ type: IndicatorType?) throws(Problem) -> Indicator {
    do {
      return try Indicator.parse(text, as: type)
    } catch {
      let readings = error.readings.map(\.name).joined(separator: ", ")
      throw Problem(
        error.code, error.reason, object: "identifier",
        next: readings.isEmpty ? nil : "say which it is with --type: \(readings)")
    }
  }
}
