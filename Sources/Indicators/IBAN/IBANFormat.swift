/// The format of one country's basic bank account number: the part of an IBAN after country and check digits.
struct IBANFormat {
  /// What a place may hold, by the registry's own signs.
  enum Kind {
    /// `n`
    case digits
    /// `a`
    case letters
    /// `c`
    case lettersAndDigits

    func allows(_ character: UInt8) -> Bool {
      switch self {
      case .digits: ASCII.isDigit(character)
      case .letters: ASCII.isUpperCase(character)
      case .lettersAndDigits: ASCII.isDigit(character) || ASCII.isUpperCase(character)
      }
    }
  }

  /// A run of characters of one kind.
  struct Run {
    let kind: Kind
    let count: Int

    static func n(_ count: Int) -> Self { Self(kind: .digits, count: count) }
    static func a(_ count: Int) -> Self { Self(kind: .letters, count: count) }
    static func c(_ count: Int) -> Self { Self(kind: .lettersAndDigits, count: count) }
  }

  let runs: [Run]

  /// In characters.
  let length: Int

  init(_ runs: [Run]) {
    self.runs = runs
    length = runs.reduce(0) { $0 + $1.count }
  }

  /// Whether the characters follow the format, in length too.
  func matches(_ characters: ArraySlice<UInt8>) -> Bool {
    var rest = characters
    for run in runs {
      let part = rest.prefix(run.count)
      guard part.count == run.count, part.allSatisfy(run.kind.allows) else { return false }
      rest = rest.dropFirst(run.count)
    }
    return rest.isEmpty
  }
}
