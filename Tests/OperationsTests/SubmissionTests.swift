import AllianceBench
import Ledger
import Operations
import Testing
import Wire

@Suite struct SubmissionTests {
  private func key(_ facet: Facet, _ byte: UInt8) throws -> StatementKey {
    try #require(StatementKey([facet.rawValue] + Array(repeating: byte, count: 32)))
  }

  @Test func comesBackAsItWasSent() throws {
    let items: [Submission.Item] = [
      .list(try key(.listing, 1), statement: [1, 2], vault: [9]), .withdraw(try key(.listing, 2)),
      .list(try key(.listing, 3), statement: [1, 2], vault: [8, 8]), .state(try key(.dispute, 3), statement: [5]),
      .withdraw(try key(.dispute, 4)), .list(try key(.listing, 5), statement: [7], vault: [1]),
    ]
    let read = try Submission(bytes: Submission(items: items).bytes()).items
    #expect(read.map(\.key) == items.map(\.key))
    #expect(read.map(\.statement) == items.map(\.statement))
    #expect(read.map(\.vault) == items.map(\.vault))
  }

  @Test func refusesWhatDoesNotFitTogether() throws {
    var wire = WireSubmission()
    func code() -> String? {
      problemCode { _ = try Submission(bytes: wire.serializedBytes()) }
    }
    wire.says = [1]
    #expect(code() == "submission-malformed", "no key")
    wire.keys.append(contentsOf: try key(.listing, 1).bytes)
    #expect(code() == "submission-malformed", "no statement")
    wire.statements.append(.init([1]))
    #expect(code() == "submission-malformed", "no plaintext")
    wire.vault.append(.init([1]))
    #expect(code() == nil)
    wire.vault.append(.init([2]))
    #expect(code() == "submission-malformed", "a plaintext too many")
    wire.vault.removeLast()
    wire.keys.append(0)
    #expect(code() == "submission-malformed", "bytes after the last key")
    wire = WireSubmission()
    wire.keys.append(contentsOf: try key(.sighting, 1).bytes)
    wire.says = [0]
    #expect(code() == "submission-malformed", "a facet that nobody submits")
  }
}
