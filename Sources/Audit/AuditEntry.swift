internal import FoundationEssentials
public import Signing
public import Wire

/// One line of the audit log. What is hashed is the line's own bytes, and each line holds the hash of the one before, so that any
/// program that knows SHA-256 can check the chain.
///
/// A line is one JSON object with exactly these names in exactly this order, without spaces, in UTF-8:
/// `audit` (1), `number`, `at` (milliseconds since 1970), `via`, `user`, `name`, `login`, `act`, `object`, `before`, `after`,
/// `count`, `names`, `previous`. A line that is written otherwise is no entry.
public struct AuditEntry: Sendable, Hashable {
  public static let form = 1
  /// What the first entry of a log holds in place of a hash.
  public static let nothingBefore = ObjectHash(sha256: Array("vaka/audit/1".utf8))

  public let number: UInt64
  /// Milliseconds since 1970.
  public let at: UInt64
  public let actor: AuditActor
  public let act: AuditAct
  public let object: String
  public let before: String
  public let after: String
  public let count: Int
  /// A hash over the names that are kept beside; empty for none.
  public let names: String
  public let previous: ObjectHash

  public init(
    _ note: AuditNote, names: [AuditName], by actor: AuditActor, at time: UInt64, number: UInt64, previous: ObjectHash
  ) {
    self.number = number
    at = time
    self.actor = actor
    act = note.act
    object = AuditText.bounded(note.object)
    before = AuditText.bounded(note.before)
    after = AuditText.bounded(note.after)
    count = note.count
    self.names = AuditName.commitment(names)
    self.previous = previous
  }

  public var line: String {
    let text = AuditText.json
    return "{\"audit\":\(Self.form),\"number\":\(number),\"at\":\(at),\"via\":\(text(actor.via.rawValue)),"
      + "\"user\":\(actor.user),\"name\":\(text(actor.name)),\"login\":\(text(actor.login)),"
      + "\"act\":\(text(act.rawValue)),\"object\":\(text(object)),\"before\":\(text(before)),"
      + "\"after\":\(text(after)),\"count\":\(count),\"names\":\(text(names)),\"previous\":\(text(previous.hex))}"
  }

  /// SHA-256 of the line's bytes, without a line feed.
  public var hash: ObjectHash { Self.hash(of: line) }

  public static func hash(of line: String) -> ObjectHash { ObjectHash(sha256: Array(line.utf8)) }

  private struct Form: Decodable {
    let audit: Int
    let number: UInt64
    let at: UInt64
    let via: AuditActor.Way
    let user: UInt32
    let name: String
    let login: String
    let act: AuditAct
    let object: String
    let before: String
    let after: String
    let count: Int
    let names: String
    let previous: String
  }

  private struct Version: Decodable { let audit: Int }

  /// - Throws: `Problem` `audit-entry` if the line is no entry, or not written as entries are; `audit-newer` if a later version
  ///   wrote it.
  public init(line: String) throws(Problem) {
    let data = Data(line.utf8)
    if let version = try? JSONDecoder().decode(Version.self, from: data), version.audit > Self.form {
      throw Problem("audit-newer", "a later version of vaka wrote this entry", next: "upgrade this vaka")
    }
    guard let form = try? JSONDecoder().decode(Form.self, from: data), let previous = ObjectHash(hex: form.previous)
    else { throw Problem("audit-entry", "the line is no entry of an audit log") }
    number = form.number
    at = form.at
    actor = AuditActor(via: form.via, user: form.user, name: form.name, login: form.login)
    act = form.act
    (object, before, after) = (form.object, form.before, form.after)
    count = form.count
    names = form.names
    self.previous = previous
    // One meaning, one line: nothing can be altered without altering the hash.
    guard self.line.utf8.elementsEqual(line.utf8) else {
      throw Problem("audit-entry", "the line is not written as an entry is")
    }
  }
}
