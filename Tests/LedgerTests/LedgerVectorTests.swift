import Ledger
import RepositoryFiles
import Signing
import Testing

/// Known answers, computed by another implementation.
@Suite struct LedgerVectorTests {
  private struct RowVector: Decodable {
    let key: String
    let salt: String
    let statement: String

    func row() throws -> Row {
      let bytes = try #require(Hexadecimal.decode(self.key))
      let key = try #require(StatementKey(bytes))
      return Row(
        key: key, salt: try #require(Hexadecimal.decode(salt)), statement: try #require(Hexadecimal.decode(statement)))
    }
  }

  @Test func liveDigest() throws {
    struct Vectors: Decodable {
      struct Case: Decodable {
        let name: String
        let rows: [RowVector]
        let leaves: [String]
        let digest: String
      }
      let cases: [Case]
    }
    for vector in try RepositoryFiles.vectors("live-digest", as: Vectors.self).cases {
      let rows = try vector.rows.map { try $0.row() }
      #expect(rows.map(\.leaf.hex) == vector.leaves, "\(vector.name)")
      var digest = LiveDigest()
      for row in rows.reversed() { try digest.add(row.leaf) }
      #expect(digest.hash.hex == vector.digest, "\(vector.name)")
      #expect(LiveDigest(bytes: digest.bytes) == digest)
      for row in rows { try digest.subtract(row.leaf) }
      #expect(digest == LiveDigest(), "\(vector.name)")
    }
  }

  @Test func historyRoot() throws {
    struct Vectors: Decodable {
      let heads: [String]
      let roots: [String]
    }
    let vectors = try RepositoryFiles.vectors("history-root", as: Vectors.self)
    var tree = HistoryTree()
    #expect(tree.root.hex == vectors.roots.first)
    for (head, root) in zip(vectors.heads, vectors.roots.dropFirst()) {
      tree.append(try #require(ObjectHash(hex: head)))
      #expect(tree.root.hex == root)
      #expect(HistoryTree(size: tree.size, peaks: tree.peaks) == tree)
    }
    #expect(HistoryTree(size: 3, peaks: []) == nil)
  }

  @Test func preAuthenticationEncoding() throws {
    struct Vectors: Decodable {
      struct Case: Decodable {
        let type: String
        let body: String
        let encoding: String
        let hash: String
      }
      let cases: [Case]
    }
    for vector in try RepositoryFiles.vectors("pre-authentication", as: Vectors.self).cases {
      let type = try #require(SignedType(rawValue: vector.type))
      let body = try #require(Hexadecimal.decode(vector.body))
      #expect(Hexadecimal.encode(type.preAuthenticationEncoding(of: body)) == vector.encoding)
      #expect(type.hash(of: body).hex == vector.hash)
    }
  }

  @Test func deltaBytes() throws {
    struct Vector: Decodable {
      let nonce: String
      let put: RowVector
      let remove: String
      let bytes: String
      let hash: String
    }
    let vector = try RepositoryFiles.vectors("delta", as: Vector.self)
    let removedBytes = try #require(Hexadecimal.decode(vector.remove))
    let removed = try #require(StatementKey(removedBytes))
    let changes: [Change] = [.put(try vector.put.row()), .remove(removed)]
    let delta = try Delta(nonce: try #require(Hexadecimal.decode(vector.nonce)), changes: changes)
    #expect(Hexadecimal.encode(delta.bytes) == vector.bytes)
    #expect(delta.hash.hex == vector.hash)
    #expect(try Delta(bytes: delta.bytes).changes == changes)
    #expect(delta.bytes.count == 18 + changes.map(\.encodedBytes).reduce(0, +))
  }
}
