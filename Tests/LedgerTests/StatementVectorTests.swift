import Ledger
import RepositoryFiles
import Signing
import Testing

/// Which statements count, and why the others do not: the same answer as another implementation's.
@Suite struct StatementVectorTests {
  private struct Vectors: Decodable {
    struct Case: Decodable {
      let name: String
      let facet: UInt8
      let bytes: String
      let reason: String?
    }

    let cases: [Case]
  }

  @Test func reasonToQuarantine() throws {
    let cases = try RepositoryFiles.vectors("statement", as: Vectors.self).cases
    for vector in cases {
      let key = try #require(StatementKey([vector.facet] + [UInt8](repeating: 7, count: 32)))
      let statement = try #require(Hexadecimal.decode(vector.bytes))
      let row = Row(key: key, salt: [UInt8](repeating: 0, count: Row.saltBytes), statement: statement)
      #expect(ContentRule.reasonToQuarantine(row)?.rawValue == vector.reason, "\(vector.name)")
    }
    let reasons = Set(cases.compactMap(\.reason))
    #expect(reasons == Set(QuarantineReason.allCases.map(\.rawValue)), "every reason has a vector")
  }
}
