/// What tags of MISP's public taxonomies say that a listing can say too.
enum MISPTaxonomies {
  /// `misp:confidence-level`, with the taxonomy's own numbers; what cannot be evaluated has none.
  static func confidence(_ tags: [String]) -> String? {
    switch value(of: "misp:confidence-level", in: tags) {
    case "completely-confident": "100"
    case "usually-confident": "75"
    case "fairly-confident": "50"
    case "rarely-confident": "25"
    case "unconfident": "0"
    default: nil
    }
  }

  /// `admiralty-scale`, if both of its parts are there, such as `B2`.
  static func sourceGrade(_ tags: [String]) -> String? {
    guard let reliability = value(of: "admiralty-scale:source-reliability", in: tags),
      let credibility = value(of: "admiralty-scale:information-credibility", in: tags), reliability != "g"
    else { return nil }
    return reliability.uppercased() + credibility
  }

  /// The value of a machine tag: `predicate="value"`.
  private static func value(of predicate: String, in tags: [String]) -> String? {
    for tag in tags {
      let tag = tag.lowercased()
      guard tag.hasPrefix(predicate + "=") else { continue }
      return tag.dropFirst(predicate.count + 1).filter { $0 != "\"" }
    }
    return nil
  }
}
