extension ImportIndicators {
  public enum Outcome: String, Sendable, Codable, CaseIterable {
    /// Not listed by us yet.
    case new
    case alreadyListed = "already-listed"
    /// The same indicator stands earlier in the file.
    case repeated
    case rejected
    /// Rightly not listed: taken back, over, told for context, or no payment data.
    case leftOut = "left-out"
  }

  /// What is said of one row or object, without its value.
  public struct RowVerdict: Sendable {
    public let place: ImportPlace
    public let outcome: Outcome
    public let type: String
    public let scheme: String
    /// The stable code of a rejection, or of why it is left out.
    public let code: String
    /// For people: the rule that failed, or where the same indicator stands.
    public let reason: String
  }

  public struct Answer: Sendable, Codable {
    /// `csv`, `stix` or `misp`.
    public var form = ImportForm.csv.rawValue
    /// Of the file's text; absent if it is ASCII.
    public var encoding: String?
    /// Identifiers and other objects that were judged.
    public var rows = 0
    public var new = 0
    public var alreadyListed = 0
    public var repeated = 0
    public var rejected = 0
    public var leftOut = 0
    /// Rows that are durable now; 0 in a dry run.
    public var acknowledged = 0
    public var batches = 0
    /// New rows by type and scheme, such as `crypto-address bitcoin`.
    public var kinds: [String: Int] = [:]
    /// Rejected rows by code, and those that were left out.
    public var rejections: [String: Int] = [:]
    public var leavings: [String: Int] = [:]
    public var dryRun = false
    public var nodeRunning = false
    /// The sales operation that the rows were put in.
    public var group: String?

    mutating func count(_ verdict: RowVerdict) {
      rows += 1
      switch verdict.outcome {
      case .new:
        new += 1
        kinds[verdict.scheme.isEmpty ? verdict.type : "\(verdict.type) \(verdict.scheme)", default: 0] += 1
      case .alreadyListed: alreadyListed += 1
      case .repeated: repeated += 1
      case .rejected:
        rejected += 1
        rejections[verdict.code, default: 0] += 1
      case .leftOut:
        leftOut += 1
        leavings[verdict.code, default: 0] += 1
      }
    }
  }
}
