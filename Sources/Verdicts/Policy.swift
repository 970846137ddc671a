public import Wire

/// A jurisdiction's rules for how far a bank may go on what the alliance says. The ceiling is the highest action of which
/// one rule is met; without any it is `monitor`.
public struct Policy: Sendable, Hashable, Codable {
  /// So many coalitions, whose live listings permit the action and fit.
  public struct Rule: Sendable, Hashable, Codable {
    public var action: Action
    /// Distinct coalitions.
    public var coalitions: Int
    /// Listings with at least this stated confidence, 0 to 100; nil: all.
    public var confidence: UInt32?
    /// At least one of the listings has one of these provenances; nil: any.
    public var oneFrom: [String]?

    public init(_ action: Action, coalitions: Int, confidence: UInt32? = nil, oneFrom: [String]? = nil) {
      self.action = action
      self.coalitions = coalitions
      self.confidence = confidence
      self.oneFrom = oneFrom
    }
  }

  public var name: String
  public var rules: [Rule]
  /// Two or more coalitions, one of them from one of these provenances, make a verdict `confirmed`.
  public var confirmedBy: [String]
  /// Types of weak evidence, such as what a card statement shows, and the most that may be done on them.
  public var typeCeilings: [String: Action]
  /// When an indicator matches too much; a file that does not say means the standard.
  public var hitRate: HitRateGuard

  public init(
    name: String, rules: [Rule], confirmedBy: [String], typeCeilings: [String: Action],
    hitRate: HitRateGuard = .standard
  ) {
    self.name = name
    self.rules = rules
    self.confirmedBy = confirmedBy
    self.typeCeilings = typeCeilings
    self.hitRate = hitRate
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    rules = try values.decode([Rule].self, forKey: .rules)
    confirmedBy = try values.decode([String].self, forKey: .confirmedBy)
    typeCeilings = try values.decode([String: Action].self, forKey: .typeCeilings)
    hitRate = try values.decodeIfPresent(HitRateGuard.self, forKey: .hitRate) ?? .standard
  }

  /// The default: two coalitions lead to a review; declining and blocking ask for a source that has seen the matter.
  public static let eu = Policy(
    name: "eu",
    rules: [
      Rule(.review, coalitions: 2),
      Rule(.declineOnboarding, coalitions: 2, oneFrom: ["court", "police", "hotline", "test-purchase"]),
      Rule(.block, coalitions: 3, oneFrom: ["court", "police"]),
    ],
    confirmedBy: ["court", "police", "test-purchase"],
    typeCeilings: ["merchant-descriptor": .review])

  /// For where the law asks for more before a payment is touched: nothing is blocked without a court.
  public static let strict = Policy(
    name: "strict",
    rules: [
      Rule(.review, coalitions: 2, confidence: 50),
      Rule(.declineOnboarding, coalitions: 3, confidence: 75, oneFrom: ["court", "police"]),
      Rule(.block, coalitions: 3, confidence: 90, oneFrom: ["court"]),
    ],
    confirmedBy: ["court", "police"],
    typeCeilings: ["merchant-descriptor": .monitor, "phone-wallet": .review])

  public static let builtIn = [eu, strict]

  /// Holds a policy from a file to what no jurisdiction may change: a single source never leads beyond a review.
  /// - Throws: `Problem` `policy-malformed`.
  public func check() throws(Problem) {
    func malformed(_ what: String) -> Problem {
      Problem("policy-malformed", what, object: name, next: "see Docs/operations.md for the form of a policy")
    }
    guard !name.isEmpty else { throw malformed("a policy needs a name") }
    for rule in rules {
      guard rule.action != .monitor else { throw malformed("monitor needs no rule: it always holds") }
      guard rule.coalitions >= (rule.action == .review ? 1 : 2) else {
        throw malformed("a single source never leads to \(rule.action.rawValue): ask for at least 2 coalitions")
      }
      guard rule.confidence.map({ $0 <= 100 }) ?? true else { throw malformed("a confidence is 0 to 100") }
    }
    let known = Set(CodeName.all(WireProvenance.self))
    for name in rules.flatMap({ $0.oneFrom ?? [] }) + confirmedBy where !known.contains(name) {
      throw malformed("there is no provenance \(name); there are \(known.sorted().joined(separator: ", "))")
    }
    let types = Set(CodeName.all(WireIndicatorType.self))
    for type in typeCeilings.keys.sorted() where !types.contains(type) {
      throw malformed("there is no type \(type) of indicator")
    }
    guard hitRate.leastRows >= 1, hitRate.oneIn >= 1, (1...366).contains(hitRate.windowDays) else {
      throw malformed("the hit-rate guard counts from 1 row and 1 in 1 identifiers, over 1 to 366 days")
    }
  }
}
