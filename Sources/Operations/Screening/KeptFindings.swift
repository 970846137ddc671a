internal import Indicators
internal import Ledger
internal import Store
internal import Verdicts
internal import Wire

/// What follows from statements that say the same: an import says one thing of many indicators, and judging it takes longer than
/// finding it. For one list of one moment, on one thread.
final class KeptFindings<Finding> {
  /// What the fold sees, and nothing that is an indicator's own.
  private struct Said: Hashable {
    struct One: Hashable {
      let coalition: CoalitionID
      let facet: Facet?
      let statement: [UInt8]
    }

    let statements: [One]
    let guarded: GuardFinding?
  }

  private static var most: Int { 4_096 }
  private var findings: [Said: Finding?] = [:]

  /// - Parameters:
  ///   - statements: on one digest; those set aside do not count.
  ///   - judge: asked when nothing that says the same was judged before.
  func finding(
    _ statements: [HeldStatement], _ guarded: GuardFinding?, otherwise judge: () -> Finding?
  ) -> Finding? {
    let said = Said(
      statements: statements.filter { $0.quarantine == nil }.map {
        Said.One(coalition: $0.coalition, facet: $0.row.key.facet, statement: $0.row.statement)
      }, guarded: guarded)
    if let kept = findings[said] { return kept }
    let finding = judge()
    if findings.count < Self.most { findings[said] = .some(finding) }
    return finding
  }
}

extension ListFinding {
  /// The same of another indicator.
  func of(_ digest: IndicatorDigest) -> ListFinding {
    ListFinding(
      verdict: verdict, ceiling: ceiling, corroboratedBy: corroboratedBy, reasons: reasons,
      reference: Reference.of(digest), guardedBy: guardedBy)
  }
}
