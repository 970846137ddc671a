public import Indicators

/// `vaka indicator add`: one listing of our own.
public struct AddIndicator: Sendable, Codable {
  public let reference: String
  public let type: String
  public let scheme: String
  public let outcome: String
  public let validUntil: String
  /// The sales operation that it was put in.
  public let group: String?
  /// Whether a node is running that signs it now; otherwise it waits in the queue.
  public let nodeRunning: Bool

  /// - Parameters:
  ///   - text: the identifier as a person has it; it is never printed.
  ///   - now: milliseconds since 1970.
  /// - Throws: `Problem` with the code of the rule that refuses the identifier, `never-list`, or what the node says.
  public static func run(
    _ home: NodeHome, text: String, type: IndicatorType?, template: ListingTemplate, now: UInt64
  ) throws -> AddIndicator {
    let writer = try IndicatorWriter(home, template: template, now: now)
    let indicator = try IdentifierText.parse(text, type)
    try writer.check(indicator)
    let door = try NodeDoor(home)
    let answer = try door.submit(Submission(items: [writer.item(for: indicator)]))
    return AddIndicator(
      reference: writer.reference(of: indicator), type: indicator.type.name, scheme: indicator.scheme,
      outcome: answer.accepted == 1 ? "listed" : "already-listed",
      validUntil: Day.text(template.lastDay(of: indicator.type, today: Day.of(milliseconds: now))),
      group: template.group.isEmpty ? nil : OperationGroup.text(template.group),
      nodeRunning: door.isRunning)
  }
}
