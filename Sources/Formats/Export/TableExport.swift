/// Indicators as a table of CSV. With `type`, `value` and columns named as fields it can be imported as it is.
public struct TableExport: ExchangeWriting {
  private let scope: ExportScope
  private let hasValues: Bool
  private let writer = CSVWriter()

  /// - Parameter hasValues: whether there is a column for plaintext.
  public init(_ scope: ExportScope, hasValues: Bool) {
    self.scope = scope
    self.hasValues = hasValues
  }

  private static let verdictColumns = ["verdict", "ceiling", "policy", "coalitions", "reasons", "disputed-by"]

  /// What a merged view can say; the rest differs from coalition to coalition.
  private static let mergedFields: [ListingField] = [
    .handling, .confidence, .validFrom, .validUntil, .observedFrom, .observedUntil,
  ]

  private var fields: [ListingField] { scope.isMerged ? Self.mergedFields : ListingField.allCases }

  public func begin() -> [UInt8] {
    writer.bytes(
      ["type"] + (hasValues ? ["value"] : []) + ["digest", "algorithm", "key-epoch", "normaliser"]
        + (scope.isMerged ? Self.verdictColumns : []) + fields.map(\.rawValue))
  }

  public func write(_ one: ExportedIndicator) -> [UInt8] {
    var row = [one.typeName]
    if hasValues { row.append(one.value ?? "") }
    row += [one.digest, ExportedIndicator.algorithm, String(one.keyEpoch), String(one.normaliser)]
    if scope.isMerged {
      let verdict = one.verdict
      row += [verdict?.status ?? "", verdict?.ceiling ?? "", verdict?.policy ?? ""]
      row += [verdict?.coalitions, verdict?.reasons, verdict?.disputedBy].map { ($0 ?? []).joined(separator: " ") }
    }
    return writer.bytes(row + fields.map { one.fields[$0] ?? "" })
  }

  public func end() -> [UInt8] { [] }
}
