/// Metrics as Prometheus reads them: the text exposition format, version 0.0.4.
public enum PrometheusText {
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// A family without samples is left out: nothing is known of it yet.
  public static func encode(_ families: [MetricFamily]) -> String {
    families.filter { !$0.samples.isEmpty }.map(encode).joined()
  }

  private static func encode(_ family: MetricFamily) -> String {
    var text = "# HELP \(family.name) \(escape(family.help, quote: false))\n"
    text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
    for sample in family.samples {
      text += family.name
      if !sample.labels.isEmpty {
        let labels = sample.labels.map { "\($0.name)=\"\(escape($0.value, quote: true))\"" }
        text += "{\(labels.joined(separator: ","))}"
      }
      text += " \(number(sample.value))\n"
    }
    return text
  }

  /// In a label's value the quote is escaped too; by scalars, because a line break and what follows it may be one
  /// character.
  private static func escape(_ text: String, quote: Bool) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
      case "\"" where quote: escaped.append(contentsOf: "\\\"".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    // Whole numbers as people write them, up to where a Double still counts every one.
    return Int64(exactly: value).flatMap { abs(value) <= 9_007_199_254_740_992 ? String($0) : nil } ?? "\(value)"
  }
}
