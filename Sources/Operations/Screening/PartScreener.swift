internal import Formats
internal import Indicators
internal import Ledger

/// What one part of a table holds, in the order of its rows.
struct ScreenedPart: Sendable {
  /// A digest, for the candidates one that may be listed.
  struct Candidate: Sendable {
    let line: Int
    /// The place of its column among those that are screened.
    let column: Int
    let digest: IndicatorDigest
  }

  var counts = TableScreener.Counts()
  var candidates: [Candidate] = []
  /// Every digest and where it stood; empty unless they were asked for.
  var digests: [Candidate] = []
}

/// Screens one part of a table: canonical form, digest and index, without an allocation for each identifier of the simple types.
///
/// Any thread may do it, because nothing here is shared but what never changes.
struct PartScreener: Sendable {
  let functions: [DigestFunction]
  let index: Ahead<PrefixIndex>
  let columns: [(type: IndicatorType, name: String, positions: [Int])]
  let keepsDigests: Bool

  /// - Parameter rows: from the next row on.
  /// - Throws: what the reading of the index threw.
  func screen(_ rows: CSVRowReader) throws -> ScreenedPart {
    var rows = rows
    var part = ScreenedPart()
    var form = CanonicalForm()
    var digested: [ScreenedPart.Candidate] = []
    // Apart from their names, which would be counted up and down for every row.
    let (types, positions) = (columns.map(\.type), columns.map(\.positions))
    while let next = rows.next() {
      part.counts.rows += 1
      guard case .success(let line) = next else {
        part.counts.invalid += 1
        continue
      }
      for place in types.indices {
        let isIdentifier = rows.withText(at: positions[place]) { text in
          guard !text.isEmpty else { return false }
          do {
            try form.read(text, as: types[place])
          } catch {
            part.counts.invalid += 1
          }
          return true
        }
        guard isIdentifier == true else { continue }
        part.counts.identifiers += 1
        for function in functions {
          guard let digest = function.digest(of: form) else { break }
          digested.append(ScreenedPart.Candidate(line: line, column: place, digest: digest))
        }
      }
    }
    // All together, so that the processor asks its memory for several at once instead of waiting for each.
    let index = try index.value()
    part.candidates = digested.filter { index.mayContain($0.digest) }
    if keepsDigests { part.digests = digested }
    return part
  }
}
