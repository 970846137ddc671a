internal import Formats
internal import Indicators
internal import Ledger
internal import Store
internal import Wire

/// What may be listed of a file, with what is said of each: the same for every form of file.
struct FreshListings: Sendable {
  struct One: Sendable {
    let indicator: Indicator
    /// Which template says the rest.
    let template: Int
  }

  fileprivate(set) var items: [One] = []
  /// The first is the command's own.
  fileprivate(set) var templates: [ListingTemplate]
}

/// Judges what a source gives, item by item: valid, ours already, or named before.
struct ImportJudge {
  /// Sayings that are kept to be found again; a file in which every row says something else shares nothing.
  private static let keptSayings = 4_096

  private let writer: IndicatorWriter
  private let view: LedgerView
  private let coalition: CoalitionID
  private let today: UInt32
  private var places: [StatementKey: ImportPlace] = [:]
  private var sayings: [[ListingField: String]: Int] = [:]
  private(set) var fresh: FreshListings

  init(_ writer: IndicatorWriter, view: LedgerView, coalition: CoalitionID, today: UInt32) {
    self.writer = writer
    self.view = view
    self.coalition = coalition
    self.today = today
    fresh = FreshListings(templates: [writer.template])
  }

  mutating func verdict(on item: ImportedItem) throws -> ImportIndicators.RowVerdict {
    switch item {
    case .rejected(let place, let type, let code, let reason):
      ImportIndicators.RowVerdict(place: place, outcome: .rejected, type: type, scheme: "", code: code, reason: reason)
    case .leftOut(let place, let code, let reason):
      ImportIndicators.RowVerdict(place: place, outcome: .leftOut, type: "", scheme: "", code: code, reason: reason)
    case .found(let found): try verdict(on: found)
    }
  }

  private mutating func verdict(on found: FoundItem) throws -> ImportIndicators.RowVerdict {
    func verdict(
      _ outcome: ImportIndicators.Outcome, scheme: String = "", code: String = "", reason: String = ""
    ) -> ImportIndicators.RowVerdict {
      ImportIndicators.RowVerdict(
        place: found.place, outcome: outcome, type: found.type.name, scheme: scheme, code: code, reason: reason)
    }
    let indicator: Indicator
    do {
      indicator = try Indicator.parse(found.text, as: found.type)
    } catch {
      return verdict(.rejected, code: error.code, reason: error.reason)
    }
    let template: Int
    do {
      template = try self.template(saying: found.fields)
      if fresh.templates[template].lastDay(of: found.type, today: today) < today {
        return verdict(
          .leftOut, scheme: indicator.scheme, code: "no-longer-valid", reason: "Its time is over (valid-until).")
      }
      try writer.check(indicator, saying: fresh.templates[template])
    } catch let problem as Problem {
      return verdict(.rejected, scheme: indicator.scheme, code: problem.code, reason: problem.what)
    }
    let key = writer.key(of: indicator)
    if let earlier = places[key] {
      return verdict(.repeated, scheme: indicator.scheme, reason: "the same indicator as \(earlier.asEarlier)")
    }
    places[key] = found.place
    if try view.lists(key, coalition: coalition) { return verdict(.alreadyListed, scheme: indicator.scheme) }
    fresh.items.append(FreshListings.One(indicator: indicator, template: template))
    return verdict(.new, scheme: indicator.scheme)
  }

  /// The number of the template with what the file says of an item; those that say the same share one.
  private mutating func template(saying fields: [ListingField: String]) throws(Problem) -> Int {
    guard !fields.isEmpty else { return 0 }
    if let known = sayings[fields] { return known }
    let template = try writer.template.saying(fields)
    // A time that is over is told apart from one that cannot be.
    if template.validUntil.map({ $0 >= today }) ?? true { try template.check(today: today) }
    fresh.templates.append(template)
    if sayings.count < Self.keptSayings { sayings[fields] = fresh.templates.count - 1 }
    return fresh.templates.count - 1
  }
}

extension ImportPlace {
  fileprivate var asEarlier: String {
    switch self {
    case .line(let line): "on line \(line)"
    case .object(let id): "in \(id)"
    }
  }
}
