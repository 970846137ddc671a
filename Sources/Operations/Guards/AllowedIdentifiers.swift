internal import Indicators
internal import Keys
internal import Store
internal import Wire

/// Why an operator allows what the shipped never-list protects.
public enum AllowReason: String, Sendable, Codable, CaseIterable {
  case courtOrder = "court-order"
  case policeRequest = "police-request"
  /// It belongs to somebody else now.
  case entryOutdated = "entry-outdated"
  case entryWrong = "entry-wrong"
}

/// One identifier that may be listed although the shipped never-list protects it. If it is an entry's own, the entry protects
/// nothing any more.
struct AllowedIdentifier: Codable {
  let type: String
  let value: String
  let reason: AllowReason
  /// Opaque.
  let caseReference: String
  /// On which it was allowed, such as 2027-05-31.
  let day: String
}

/// The file of them in the node's folder, for the owner alone: which protected identifiers a coalition lists is its secret.
struct AllowedIdentifiers {
  private let folder: NodeFolder
  private(set) var all: [(indicator: Indicator, record: AllowedIdentifier)]

  /// - Throws: `Problem` `never-list-malformed`, or what the file system says.
  init(_ folder: NodeFolder) throws(Problem) {
    self.folder = folder
    all = []
    guard DurableFile.exists(folder.allowed) else { return }
    func malformed(_ what: String) -> Problem {
      Problem(
        "never-list-malformed", what, object: folder.allowed,
        next: "put the file back from a backup, or remove it: then nothing is allowed")
    }
    let records: [AllowedIdentifier]
    do {
      records = try AnswerFormat.decode([AllowedIdentifier].self, from: DurableFile.read(folder.allowed, noun: "file"))
    } catch let problem {
      throw problem.code == "answer-unreadable" ? malformed("the file is not JSON of the right form") : problem
    }
    for (place, record) in records.enumerated() {
      guard let type = IndicatorType(name: record.type), let indicator = try? Indicator.parse(record.value, as: type)
      else { throw malformed("number \(place + 1) is no valid identifier") }
      all.append((indicator, record))
    }
  }

  mutating func add(_ indicator: Indicator, _ record: AllowedIdentifier) throws(Problem) {
    all.append((indicator, record))
    try write()
  }

  mutating func remove(_ indicator: Indicator) throws(Problem) {
    all.removeAll { $0.indicator == indicator }
    try write()
  }

  private func write() throws(Problem) {
    try DurableFile.write(AnswerFormat.encode(all.map(\.record), pretty: true) + [0x0A], to: folder.allowed)
  }
}
