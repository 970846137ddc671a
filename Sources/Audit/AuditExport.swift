internal import FoundationEssentials
public import Signing
internal import Wire

/// A log as a file of lines, for a supervisor: a checkpoint first if entries were pruned, then every entry's own line, each with a
/// second line of its references if it has any.
public enum AuditExport {
  /// One line of such a file.
  enum Line {
    case checkpoint(AuditCheckpoint)
    case entry(String)
    case names(of: UInt64, [AuditName])
  }

  public static func namesLine(of number: UInt64, _ names: [AuditName]) -> String {
    let items = names.map { name in
      guard let plain = name.plain else { return "{\"hash\":\"\(name.hash.hex)\"}" }
      return "{\"salt\":\"\(Hexadecimal.encode(plain.salt))\",\"reference\":\(AuditText.json(plain.reference))}"
    }
    return "{\"names-of\":\(number),\"names\":[\(items.joined(separator: ","))]}"
  }

  private struct Names: Decodable {
    struct Name: Decodable {
      let salt: String?
      let reference: String?
      let hash: String?
    }

    let namesOf: UInt64
    let names: [Name]

    enum CodingKeys: String, CodingKey {
      case namesOf = "names-of"
      case names
    }
  }

  static func read(_ line: String) throws(Problem) -> Line {
    if line.hasPrefix("{\"checkpoint\":") { return .checkpoint(try AuditCheckpoint(line: line)) }
    guard line.hasPrefix("{\"names-of\":") else { return .entry(line) }
    let problem = Problem("audit-entry", "the line of references cannot be read")
    guard let form = try? JSONDecoder().decode(Names.self, from: Data(line.utf8)),
      form.names.count <= AuditName.most
    else { throw problem }
    var names: [AuditName] = []
    for name in form.names {
      if let salt = name.salt.flatMap({ Hexadecimal.decode($0) }), let reference = name.reference {
        names.append(AuditName(salt: salt, reference: reference))
      } else if let hash = name.hash.flatMap({ ObjectHash(hex: $0) }) {
        names.append(AuditName(forgotten: hash))
      } else {
        throw problem
      }
    }
    return .names(of: form.namesOf, names)
  }

  /// Verifies an exported file.
  /// - Parameter each: given every entry that is good, for a summary.
  public static func verify(
    _ text: String, expecting expected: ObjectHash? = nil, each: (AuditEntry) -> Void = { _ in }
  ) -> (AuditVerification, AuditCheckpoint?) {
    var verification = AuditVerification(expecting: expected)
    var checkpoint: AuditCheckpoint?
    var waiting: String?
    func settle(_ names: [AuditName]) {
      guard let line = waiting else { return }
      waiting = nil
      verification.take(line, names: names)
      if verification.fault == nil, let entry = try? AuditEntry(line: line) { each(entry) }
    }
    var isFirst = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      defer { isFirst = false }
      do throws(Problem) {
        switch try read(String(line)) {
        case .checkpoint(let found) where isFirst:
          checkpoint = found
          verification = AuditVerification(after: found, expecting: expected)
        case .checkpoint: throw Problem("audit-entry", "a checkpoint stands among the entries")
        case .entry(let next):
          settle([])
          waiting = next
        case .names(let number, let names):
          guard let line = waiting, (try? AuditEntry(line: line))?.number == number else {
            throw Problem("audit-entry", "references of entry \(number) stand after another")
          }
          settle(names)
        }
      } catch {
        settle([])
        verification.blame(error.what)
      }
      if verification.fault != nil { break }
    }
    settle([])
    verification.end()
    return (verification, checkpoint)
  }
}
