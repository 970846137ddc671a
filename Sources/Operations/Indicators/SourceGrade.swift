public import Wire

/// A source's grade on the Admiralty scale (NATO AJP-2.1): a letter for its reliability, a figure for the credibility of what it says,
/// such as `B2`.
public enum SourceGrade {
  /// - Throws: `Problem` `bad-field`.
  public static func parse(_ text: String) throws(Problem) -> (WireSourceReliability, WireInformationCredibility) {
    let characters = Array(text.uppercased().utf8)
    guard characters.count == 2, (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(characters[0]),
      (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(characters[1]),
      let reliability = WireSourceReliability(rawValue: Int(characters[0] - UInt8(ascii: "A")) + 1),
      let credibility = WireInformationCredibility(rawValue: Int(characters[1] - UInt8(ascii: "0")))
    else {
      throw Problem(
        "bad-field", "a source's grade is a letter from A to F and a figure from 1 to 6", object: "source-grade",
        next: "such as B2: usually reliable, probably true")
    }
    return (reliability, credibility)
  }

  /// Empty if neither is given.
  static func text(_ listing: WireListing) -> String {
    let letters = Array("ABCDEF")
    let reliability = listing.sourceReliability.rawValue
    let letter = (1...6).contains(reliability) ? String(letters[reliability - 1]) : ""
    let credibility = listing.informationCredibility.rawValue
    return letter + ((1...6).contains(credibility) ? String(credibility) : "")
  }
}
