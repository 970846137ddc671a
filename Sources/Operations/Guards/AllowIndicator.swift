internal import Audit
public import Indicators
internal import Ledger
internal import Protected
public import Wire

/// `vaka guard allow` and `vaka guard forbid`: one identifier may be listed although the shipped never-list protects it, and may not
/// any more.
public struct AllowIndicator: Sendable, Codable {
  public let reference: String
  public let type: String
  /// `allowed`, `already-allowed` or `forbidden`.
  public let outcome: String
  public let category: String?
  public let source: String?
  /// Whether it is the entry's own identifier, so that the entry protects nothing any more.
  public let wholeEntry: Bool

  /// - Parameters:
  ///   - text: the identifier as a person has it; it is never printed.
  ///   - today: UTC days since 1970.
  /// - Throws: `Problem` `not-protected` if no shipped entry protects it, `never-list-own` if the own list does, `bad-field`, or the
  ///   code of the rule that refuses the identifier.
  public static func allow(
    _ home: NodeHome, text: String, type: IndicatorType?, reason: AllowReason, caseReference: String, today: UInt32
  ) throws(Problem) -> AllowIndicator {
    guard ContentRule.isCaseReference(caseReference) else {
      throw Problem("bad-field", "a case reference is 1 to 32 letters, digits, and . _ / -", object: "case reference")
    }
    let indicator = try IdentifierText.parse(text, type)
    if try OwnNeverList.read(home.folder).entry(protecting: indicator) != nil {
      throw Problem(
        "never-list-own", "our own never-list protects it, and that list has no exceptions", object: "identifier",
        next: "take it off the list and import that again: vaka guard import FILE")
    }
    guard let entry = NeverList.shipped.entry(protecting: indicator) else {
      throw Problem(
        "not-protected", "no entry of the never-list protects it; it needs no exception", object: "identifier")
    }
    var allowed = try AllowedIdentifiers(home.folder)
    let isNew = !allowed.all.contains { $0.indicator == indicator }
    let name = try reference(of: indicator, home, today)
    if isNew {
      try AuditTrail(home.folder).write(
        AuditNote(
          .guardAllowed, on: indicator.type.name, before: "protected as \(entry.category.rawValue)",
          after: "case \(caseReference)", count: 1, references: name.isEmpty ? [] : [name]))
      try allowed.add(
        indicator,
        AllowedIdentifier(
          type: indicator.type.name, value: indicator.value, reason: reason, caseReference: caseReference,
          day: Day.text(today)))
    }
    return AllowIndicator(
      reference: name, type: indicator.type.name,
      outcome: isNew ? "allowed" : "already-allowed", category: entry.category.rawValue, source: entry.source,
      wholeEntry: entry.indicator == indicator)
  }

  /// - Throws: `Problem` `not-allowed`, or the code of the rule that refuses the identifier.
  public static func forbid(
    _ home: NodeHome, text: String, type: IndicatorType?, today: UInt32
  ) throws(Problem) -> AllowIndicator {
    let indicator = try IdentifierText.parse(text, type)
    var allowed = try AllowedIdentifiers(home.folder)
    guard allowed.all.contains(where: { $0.indicator == indicator }) else {
      throw Problem(
        "not-allowed", "there is no exception for it", object: "identifier", next: "see them with vaka guard list")
    }
    let name = try reference(of: indicator, home, today)
    try AuditTrail(home.folder).write(
      AuditNote(
        .guardForbidden, on: indicator.type.name, before: "allowed", count: 1, references: name.isEmpty ? [] : [name]))
    try allowed.remove(indicator)
    let entry = NeverList.shipped.entry(protecting: indicator)
    return AllowIndicator(
      reference: name, type: indicator.type.name, outcome: "forbidden",
      category: entry?.category.rawValue, source: entry?.source, wholeEntry: entry?.indicator == indicator)
  }

  private static func reference(
    of indicator: Indicator, _ home: NodeHome, _ today: UInt32
  ) throws(Problem) -> String {
    try home.openHashKeys(on: today).functions.first.map { Reference.of($0.digest(of: indicator)) } ?? ""
  }
}
