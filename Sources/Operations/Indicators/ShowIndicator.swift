internal import Alliance
internal import Indicators
internal import Keys
internal import Ledger
internal import Store
internal import SwiftProtobuf
internal import Verdicts
public import Wire

/// `vaka indicator show`: the verdict on one indicator, and who said what.
public struct ShowIndicator: Sendable, Codable {
  public let reference: String
  public let digest: String
  public let verdict: String
  public let ceiling: String
  public let policy: String
  public let listings: [ListedIndicator]
  /// What this node's guards found; then at most `monitor` follows here.
  public let guardedBy: GuardNote?
  /// Who said what, what follows and by which rule, for people.
  public let explanation: [String]
  /// Coalitions that are kept at an older head: what they say may be out of date.
  public let heldCoalitions: [CoalitionID]
  /// Coalitions that signed two histories: what they say counts for nothing until they open a new epoch.
  public let forkedCoalitions: [CoalitionID]
  /// Our own identifier from the vault, only when asked for.
  public let value: String?

  /// - Parameters:
  ///   - reveal: whether to open our own plaintext from the vault.
  ///   - now: milliseconds since 1970.
  /// - Throws: `Problem` as `Reference.resolve`, and `not-in-vault`.
  public static func run(_ home: NodeHome, reference: String, reveal: Bool, now: UInt64) throws -> ShowIndicator {
    let guards = try Guards(home, today: Day.of(milliseconds: now))
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    return try ledger.view { view in
      let digest = try Reference.resolve(reference, in: view)
      let statements = try view.statements(on: digest)
      let policy = try PolicyFile.read(home.folder)
      let verdict = Verdict.fold(
        statements.compactMap(Verdict.Source.init), today: Day.of(milliseconds: now), policy: policy,
        guardedBy: guards.finding(on: statements.digests(besides: digest)))
      let members = home.membership?.roster.coalitions ?? []
      return ShowIndicator(
        reference: Reference.of(digest), digest: digest.hex,
        verdict: verdict?.status.description ?? "none: everything said of it is set aside",
        ceiling: verdict?.ceiling.rawValue ?? "none", policy: policy.name,
        listings: statements.compactMap { ListedIndicator($0) },
        guardedBy: verdict?.finding.map { GuardNote($0) },
        explanation: verdict.map { VerdictExplanation($0, policy).lines } ?? [],
        heldCoalitions: try members.filter { try view.hold(of: $0) != nil },
        forkedCoalitions: try view.forkedCoalitions().sorted(),
        value: reveal
          ? try Self.reveal(home, view.ownKey(.listing, on: digest, coalition: home.coalition), digest) : nil)
    }
  }

  private static func reveal(_ home: NodeHome, _ own: StatementKey?, _ digest: IndicatorDigest) throws -> String {
    let key = own ?? StatementKey(.listing, digest)
    let vault = try VaultStore.openReadOnly(home.folder.vault)
    defer { try? vault.close() }
    guard let sealed = try vault.sealed(key) else {
      throw Problem(
        "not-in-vault", "the vault holds only what \(home.coalition) itself listed", object: Reference.of(digest))
    }
    let plaintext = try VaultKey(file: home.folder.vaultKey).open(sealed, for: key.bytes)
    return try WireVaultItem(serializedBytes: plaintext).value
  }
}

extension [HeldStatement] {
  /// The digests of what speaks of one indicator, its own first.
  func digests(besides digest: IndicatorDigest) -> [IndicatorDigest] {
    [digest] + Set(compactMap(\.row.key.digest)).subtracting([digest]).sorted()
  }
}

extension Verdict.Source {
  /// Nil for what does not count towards a verdict.
  init?(_ held: HeldStatement) {
    guard held.quarantine == nil else { return nil }
    let bytes = held.row.statement
    let content: Content? =
      switch held.row.key.facet {
      case let facet? where facet.lists: held.row.listing.map { .listing($0) }
      case .sighting: (try? WireSighting(serializedBytes: bytes)).map { .sighting($0) }
      case .dispute: (try? WireDispute(serializedBytes: bytes)).map { .dispute($0) }
      default: nil
      }
    guard let content else { return nil }
    self.init(
      coalition: held.coalition, content: content,
      setAside: held.isForked ? .forked : held.removalIsHeld ? .takenBack : nil)
  }
}
