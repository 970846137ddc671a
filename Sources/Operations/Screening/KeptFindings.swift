internal import Indicators
internal import Ledger
internal import Store
internal import Verdicts
internal import Wire

/// What was found of statements that say the same: an import says one thing of many indicators, and judging it takes longer than
/// finding it. For one list of one moment, on one thread.
final class KeptFindings {
  /// What the fold sees, and nothing that is an indicator's own.
  private struct Said: Hashable {
    struct One: Hashable {
      let coalition: String
      let facet: UInt8?
      let statement: [UInt8]
    }

    let statements: [One]
    let guarded: GuardFinding?
  }

  private static let most = 4_096
  private var findings: [Said: ListFinding?] = [:]

  func finding(
    on digest: IndicatorDigest, _ statements: [HeldStatement], _ guarded: GuardFinding?,
    otherwise judge: () -> ListFinding?
  ) -> ListFinding? {
    let said = Said(
      statements: statements.filter { $0.quarantine == nil }.map {
        Said.One(coalition: $0.coalition.rawValue, facet: $0.row.key.facet?.rawValue, statement: $0.row.statement)
      }, guarded: guarded)
    if let kept = findings[said] { return kept?.of(digest) }
    let finding = judge()
    if findings.count < Self.most { findings[said] = .some(finding) }
    return finding
  }
}

extension ListFinding {
  /// The same of another indicator.
  fileprivate func of(_ digest: IndicatorDigest) -> ListFinding {
    ListFinding(
      verdict: verdict, ceiling: ceiling, corroboratedBy: corroboratedBy, reasons: reasons,
      reference: Reference.of(digest), guardedBy: guardedBy)
  }
}
