import Alliance
import AllianceBench
import Ledger
import Replication
import RepositoryFiles
import Signing
import Testing
import Wire

/// Heads that another implementation made: a whole history over two epochs, and heads that each break one rule.
@Suite struct HeadVectorTests {
  private struct Vectors: Decodable {
    struct Step: Decodable {
      let name: String
      let head: String
      let delta: String
      let hash: String
      let liveDigest: String
      let statements: UInt64
      let liveBytes: UInt64
    }

    struct Refused: Decodable {
      let name: String
      /// Number of steps before it.
      let after: Int
      let head: String
      let delta: String
      let fault: String
      let code: String
    }

    let coalition: CoalitionID
    let allianceFile: String
    let records: [String]
    let steps: [Step]
    let refused: [Refused]
  }

  private struct Reader {
    let authority: HeadAuthority
    var position: Position
    var rows: [StatementKey: Row] = [:]

    mutating func apply(head: String, delta: String) throws {
      let bytes = try #require(Hexadecimal.decode(delta))
      let rows = rows
      let (after, changes) = try position.applying(
        Head(SignedVector.object(head, .head)), delta: bytes, under: authority
      ) { rows[$0] }
      position = after
      for change in changes {
        switch change {
        case .put(let row, _): self.rows[row.key] = row
        case .remove(let key): self.rows[key] = nil
        }
      }
    }

    /// Whose fault it is, and the code; nil if it is applied.
    mutating func refusal(head: String, delta: String) throws -> [String]? {
      do {
        try apply(head: head, delta: delta)
        return nil
      } catch let fault as Fault {
        let whose =
          switch fault {
          case .link: "link"
          case .coalition: "coalition"
          case .unknownRecord, .unknownRoster: "unknown"
          case .void: "void"
          case .local: "local"
          }
        return [whose, fault.problem.code]
      }
    }
  }

  @Test func appliesTheHistoryAndRefusesWhatBreaksARule() throws {
    let vectors = try RepositoryFiles.vectors("head", as: Vectors.self)
    var membership = try SignedVector.membership(named: vectors.allianceFile)
    let records = try vectors.records.map { try MemberRecord(SignedVector.object($0, .record)) }
    _ = try membership.extend(vectors.coalition, with: records)
    let authority = try #require(membership.headAuthority(of: vectors.coalition))
    var reader = Reader(authority: authority, position: Position(coalition: vectors.coalition))
    for count in 0...vectors.steps.count {
      if count > 0 {
        let step = vectors.steps[count - 1]
        try reader.apply(head: step.head, delta: step.delta)
        #expect(reader.position.head?.hash.hex == step.hash, "\(step.name)")
        #expect(reader.position.digest.hash.hex == step.liveDigest, "\(step.name)")
        #expect(reader.position.statements == step.statements, "\(step.name)")
        #expect(reader.position.liveBytes == step.liveBytes, "\(step.name)")
        #expect(reader.rows.count == Int(step.statements), "\(step.name)")
      }
      for refused in vectors.refused where refused.after == count {
        var copy = reader
        let refusal = try copy.refusal(head: refused.head, delta: refused.delta)
        #expect(refusal == [refused.fault, refused.code], "\(refused.name)")
      }
    }
    #expect(vectors.steps.count >= 6 && vectors.refused.count >= 30)
  }
}
