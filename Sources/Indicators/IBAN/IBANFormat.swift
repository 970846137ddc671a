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
  }

  /// A run of characters of one kind.
  struct Run {
    let kind: Kind
    let count: Int

    static func n(_ count: Int) -> Self { Self(kind: .digits, count: count) }
    static func a(_ count: Int) -> Self { Self(kind: .letters, count: count) }
    static func c(_ count: Int) -> Self { Self(kind: .lettersAndDigits, count: count) }
  }

  /// In characters.
  let length: Int

  /// The places that take digits and those that take letters, a bit for each from the first on.
  private let digitPlaces, letterPlaces: UInt64

  /// - Parameter runs: no longer together than 30 characters, as no IBAN is.
  init(_ runs: [Run]) {
    var (length, digits, letters) = (0, UInt64(0), UInt64(0))
    for run in runs {
      for place in length..<length + run.count {
        if run.kind != .letters { digits |= 1 << UInt64(place) }
        if run.kind != .digits { letters |= 1 << UInt64(place) }
      }
      length += run.count
    }
    (self.length, digitPlaces, letterPlaces) = (length, digits, letters)
  }

  /// Whether the characters from a place on follow the format, in length too.
  func matches(_ characters: Span<UInt8>, from start: Int) -> Bool {
    guard characters.count == start + length else { return false }
    for place in 0..<length {
      let character = characters[start + place]
      let places = ASCII.isDigit(character) ? digitPlaces : ASCII.isUpperCase(character) ? letterPlaces : 0
      guard places >> UInt64(place) & 1 == 1 else { return false }
    }
    return true
  }
}
