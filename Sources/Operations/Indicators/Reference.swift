public import Indicators
public import Ledger
public import Store
internal import Wire

/// How people name a listing: the first hexadecimal digits of its digest, at least 12.
public enum Reference {
  public static let shownDigits = 16
  public static let fewestDigits = 12

  public static func of(_ key: StatementKey) -> String { String(key.digest?.hex.prefix(shownDigits) ?? "") }
  /// By the digest before, where the statement names one: it is known by that until the older hash key closes.
  static func of(_ row: Row) -> String { row.previous.map { of($0.digest) } ?? of(row.key) }

  public static func of(_ digest: IndicatorDigest) -> String { String(digest.hex.prefix(shownDigits)) }

  /// The one digest that a reference names.
  /// - Throws: `Problem` `bad-reference`, `reference-unknown` or `reference-ambiguous`.
  public static func resolve(_ text: String, in view: LedgerView) throws -> IndicatorDigest {
    let digits = text.lowercased()
    guard (fewestDigits...64).contains(digits.utf8.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
      let first = IndicatorDigest(hex: pad(digits, "0")), let last = IndicatorDigest(hex: pad(digits, "f"))
    else {
      throw Problem(
        "bad-reference", "a reference is at least \(fewestDigits) hexadecimal digits of a digest", object: text,
        next: "vaka indicator list shows them; identifiers never stand on a command line")
    }
    let found = try view.digests(from: first, through: last)
    guard let digest = found.first else {
      throw Problem("reference-unknown", "no coalition lists this", object: text, next: "see vaka indicator list")
    }
    guard found.count == 1 else {
      throw Problem(
        "reference-ambiguous", "\(found.count) indicators begin so", object: text, next: "give more digits")
    }
    return digest
  }

  private static func pad(_ digits: String, _ with: Character) -> String {
    digits + String(repeating: with, count: 64 - digits.utf8.count)
  }
}
