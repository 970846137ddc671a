/// What a STIX pattern says, of the part of the language that lists of identifiers are written in: comparisons by `=` and `IN` with
/// strings, joined by OR, within one observation or over several that are joined by OR.
///
/// All else says more than that a value is one of a list (AND, FOLLOWEDBY, NOT, LIKE, qualifiers ...), and is refused as a whole: half
/// of a condition would list the wrong thing.
struct STIXPattern {
  static let byteLimit = 1 << 20
  static let depthLimit = 32

  /// One property of one type of object, and the strings of which it is one.
  struct Comparison: Equatable {
    let objectType: String
    let property: String
    let values: [String]
  }

  /// Any of them fulfils the pattern.
  let comparisons: [Comparison]

  /// - Throws: `STIXPatternProblem`.
  init(_ text: String) throws(STIXPatternProblem) {
    var parser = Parser(tokens: try STIXPatternToken.tokens(of: text))
    comparisons = try parser.pattern()
  }
}

/// Why a pattern is not taken.
enum STIXPatternProblem: Error, Equatable {
  /// It breaks the grammar.
  case malformed(String)
  /// It is right, and says what a list cannot.
  case unsupported(String)
}

private struct Parser {
  let tokens: [STIXPatternToken]
  private var index = 0
  private var depth = 0
  private var comparisons: [STIXPattern.Comparison] = []

  init(tokens: [STIXPatternToken]) { self.tokens = tokens }

  private var next: STIXPatternToken? { index < tokens.count ? tokens[index] : nil }

  /// The whole pattern, to its end.
  mutating func pattern() throws(STIXPatternProblem) -> [STIXPattern.Comparison] {
    try observations()
    if let next { throw refusal(of: next, expected: "the end of the pattern") }
    return comparisons
  }

  /// Observations joined by OR.
  private mutating func observations() throws(STIXPatternProblem) {
    repeat {
      if takes("(") {
        try deeper()
        try observations()
        depth -= 1
        try take(")")
      } else {
        try take("[")
        try alternatives()
        try take("]")
      }
    } while takesWord("OR")
  }

  /// Comparisons joined by OR.
  private mutating func alternatives() throws(STIXPatternProblem) {
    repeat {
      if takes("(") {
        try deeper()
        try alternatives()
        depth -= 1
        try take(")")
      } else {
        comparisons.append(try comparison())
      }
    } while takesWord("OR")
  }

  private mutating func comparison() throws(STIXPatternProblem) -> STIXPattern.Comparison {
    let type = try word("the type of an object")
    try take(":")
    let property = try path()
    if takes("=") || takes("==") {
      return STIXPattern.Comparison(objectType: type, property: property, values: [try literal()])
    }
    guard takesWord("IN") else { throw refusal(of: next, expected: "= or IN") }
    try take("(")
    var values: [String] = []
    repeat { values.append(try literal()) } while takes(",")
    try take(")")
    return STIXPattern.Comparison(objectType: type, property: property, values: values)
  }

  /// A property, with its steps into lists and dictionaries as they stand, so that they name no property that is known.
  private mutating func path() throws(STIXPatternProblem) -> String {
    var path = try pathPart()
    while true {
      if takes(".") {
        path += "." + (try pathPart())
      } else if takes("[") {
        path += try position()
      } else {
        return path
      }
    }
  }

  private mutating func pathPart() throws(STIXPatternProblem) -> String {
    if case .string(let quoted) = next {
      index += 1
      return "'\(quoted)'"
    }
    let name = try word("the name of a property")
    guard !name.contains("-") else { throw .malformed("the name of a property has a hyphen and no quotes") }
    return name
  }

  /// A place in a list, or any, behind the bracket that opens it.
  private mutating func position() throws(STIXPatternProblem) -> String {
    let place: String
    switch next {
    case .word(let text) where Int(text) != nil: place = "[\(text)]"
    case .sign("*"): place = "[*]"
    default: throw .malformed("between the brackets of a path stands a number or *")
    }
    index += 1
    try take("]")
    return place
  }

  private mutating func literal() throws(STIXPatternProblem) -> String {
    switch next {
    case .string(let text):
      index += 1
      return text
    case .word, .sign("+"), .sign("."):
      // Numbers, truth values, and the typed t'', h'' and b''.
      throw .unsupported("it compares with something other than a string")
    default: throw .malformed("a value is missing")
    }
  }

  private mutating func deeper() throws(STIXPatternProblem) {
    depth += 1
    guard depth <= STIXPattern.depthLimit else {
      throw .malformed("brackets lie in each other more than \(STIXPattern.depthLimit) deep")
    }
  }

  private mutating func word(_ expected: String) throws(STIXPatternProblem) -> String {
    guard case .word(let word) = next, !Self.keywords.contains(word), word != "OR", word != "IN",
      word.first.map({ $0.isLetter || $0 == "_" }) ?? false
    else { throw refusal(of: next, expected: expected) }
    index += 1
    return word
  }

  private mutating func takes(_ sign: String) -> Bool {
    guard next == .sign(sign) else { return false }
    index += 1
    return true
  }

  /// Keywords are written in capitals (section 9.2).
  private mutating func takesWord(_ keyword: String) -> Bool {
    guard next == .word(keyword) else { return false }
    index += 1
    return true
  }

  private mutating func take(_ sign: String) throws(STIXPatternProblem) {
    guard takes(sign) else { throw refusal(of: next, expected: "'\(sign)'") }
  }

  /// Operators and qualifiers of the language that say more than a list.
  private static let keywords: Set<String> = [
    "AND", "FOLLOWEDBY", "NOT", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET", "EXISTS", "WITHIN", "REPEATS", "START",
    "STOP",
  ]
  private static let operators: Set<String> = ["!=", "<>", "<", "<=", ">", ">="]

  private func refusal(of token: STIXPatternToken?, expected: String) -> STIXPatternProblem {
    switch token {
    case .word(let word) where Self.keywords.contains(word):
      .unsupported("it uses \(word), which says more than that a value is one of a list")
    case .sign(let sign) where Self.operators.contains(sign):
      .unsupported("it uses \(sign), which says more than that a value is one of a list")
    default: .malformed("\(expected) is missing")
    }
  }
}
