import Alliance
import AllianceBench
import RepositoryFiles
import Signing
import Testing
import Wire

/// Records, rosters, cards, alliance files and receipts that another implementation made, good ones and bad ones.
@Suite struct AllianceVectorTests {
  private struct Refused: Decodable {
    let name: String
    let signed: String?
    let text: String?
    let code: String?
  }

  private func code(_ refused: Refused, _ work: (String) throws -> Void) throws -> String? {
    let content = try #require(refused.signed ?? refused.text)
    return problemCode { try work(content) }
  }

  @Test func records() throws {
    struct Vectors: Decodable {
      struct Accepted: Decodable {
        let name: String
        let signed: String
        let hash: String
        let coalition: CoalitionID
        let number: UInt32
        let epochs: Int
        let fingerprint: String
        let usualTrustDomain: String
      }
      let alliance: String
      let accepted: [Accepted]
      let refused: [Refused]
      let followers: [Refused]
    }
    let vectors = try RepositoryFiles.vectors("record", as: Vectors.self)
    func record(_ hexadecimal: String) throws -> MemberRecord {
      try MemberRecord(SignedVector.object(hexadecimal, .record))
    }
    for vector in vectors.accepted {
      let record = try record(vector.signed)
      #expect(record.hash.hex == vector.hash, "\(vector.name)")
      #expect(record.coalition == vector.coalition && record.number == vector.number, "\(vector.name)")
      #expect(record.epochs.count == vector.epochs, "\(vector.name)")
      #expect(record.fingerprint.description == vector.fingerprint, "\(vector.name)")
      let usual = TrustDomain.standard(for: record.coalition, identity: record.identityKey)
      #expect(usual == vector.usualTrustDomain && record.trustDomain == usual, "\(vector.name)")
    }
    for vector in vectors.refused {
      #expect(try code(vector) { _ = try record($0) } == vector.code, "\(vector.name)")
    }
    let first = try record(try #require(vectors.accepted.first { $0.coalition.rawValue == "se" }).signed)
    let alliance = try #require(ObjectHash(hex: vectors.alliance))
    for vector in vectors.followers {
      let chain = try RecordChain(first: first)
      #expect(
        try code(vector) { _ = try chain.appending(record($0), in: alliance) } == vector.code, "\(vector.name)")
    }
  }

  @Test func rosters() throws {
    struct Vectors: Decodable {
      struct Accepted: Decodable {
        let name: String
        let signed: String
        let alliance: String
        let fingerprint: String
        let signers: [CoalitionID]
        let inForce: Bool
      }
      let accepted: [Accepted]
      let refused: [Refused]
    }
    let vectors = try RepositoryFiles.vectors("roster", as: Vectors.self)
    for vector in vectors.accepted {
      let roster = try Roster(SignedVector.object(vector.signed, .roster))
      #expect(roster.hash.hex == vector.alliance, "\(vector.name)")
      #expect(Fingerprint(roster.hash).description == vector.fingerprint, "\(vector.name)")
      #expect(roster.signers == vector.signers, "\(vector.name)")
      #expect((roster.signers == roster.coalitions) == vector.inForce, "\(vector.name)")
    }
    for vector in vectors.refused {
      #expect(
        try code(vector) { _ = try Roster(SignedVector.object($0, .roster)) } == vector.code, "\(vector.name)")
    }
  }

  @Test func cards() throws {
    struct Vectors: Decodable {
      struct Accepted: Decodable {
        let text: String
        let coalition: CoalitionID
        let recordHash: String
        let fingerprint: String
      }
      let accepted: [Accepted]
      let refused: [Refused]
    }
    let vectors = try RepositoryFiles.vectors("card", as: Vectors.self)
    for vector in vectors.accepted {
      let card = try CoalitionCard(text: vector.text, file: "card")
      #expect(card.record.coalition == vector.coalition)
      #expect(card.record.hash.hex == vector.recordHash)
      #expect(card.record.fingerprint.description == vector.fingerprint)
      #expect(card.text == vector.text, "the same to the letter")
    }
    for vector in vectors.refused {
      #expect(try code(vector) { _ = try CoalitionCard(text: $0, file: "card") } == vector.code, "\(vector.name)")
    }
  }

  @Test func allianceFiles() throws {
    struct Vectors: Decodable {
      struct Accepted: Decodable {
        let name: String
        let text: String
        let signers: [CoalitionID]
        let dropped: Int
      }
      struct Merged: Decodable {
        let name: String
        let texts: [String]
        let signers: [CoalitionID]
        let code: String?
      }
      let alliance: String
      let fingerprint: String
      let accepted: [Accepted]
      let merged: [Merged]
      let refused: [Refused]
    }
    let vectors = try RepositoryFiles.vectors("alliance-file", as: Vectors.self)
    for vector in vectors.accepted {
      let (file, dropped) = try AllianceFile.read(text: vector.text, file: "alliance")
      #expect(file.signers == vector.signers && dropped.count == vector.dropped, "\(vector.name)")
      #expect(file.alliance.hex == vectors.alliance && file.fingerprint.description == vectors.fingerprint)
    }
    for vector in vectors.merged {
      let files = try vector.texts.map { try AllianceFile.read(text: $0, file: "alliance").0 }
      var signers: [CoalitionID] = []
      let code = problemCode { signers = try files[0].merging(files[1]).signers }
      #expect(code == vector.code && signers == vector.signers, "\(vector.name)")
    }
    for vector in vectors.refused {
      let found = try code(vector) { _ = try AllianceFile.read(text: $0, file: "alliance") }
      #expect(found == vector.code, "\(vector.name)")
    }
  }

  @Test func receipts() throws {
    struct Vectors: Decodable {
      struct Accepted: Decodable {
        let name: String
        let signed: String
        let valid: Bool
        let coalition: CoalitionID
        let epoch: UInt32
        let number: UInt64
        let states: [String: Int]
      }
      let allianceFile: String
      let accepted: [Accepted]
      let refused: [Refused]
    }
    let vectors = try RepositoryFiles.vectors("receipt", as: Vectors.self)
    let membership = try SignedVector.membership(named: vectors.allianceFile)
    for vector in vectors.accepted {
      let receipt = try Receipt(SignedVector.object(vector.signed, .receipt))
      #expect(receipt.coalition == vector.coalition && receipt.epoch == vector.epoch, "\(vector.name)")
      #expect(receipt.number == vector.number, "\(vector.name)")
      let states = receipt.entries.map { ($0.coalition.rawValue, $0.state.rawValue) }
      #expect(Dictionary(uniqueKeysWithValues: states) == vector.states, "\(vector.name)")
      #expect(receipt.isValid(in: membership) == vector.valid, "\(vector.name)")
    }
    for vector in vectors.refused {
      #expect(
        try code(vector) { _ = try Receipt(SignedVector.object($0, .receipt)) } == vector.code, "\(vector.name)")
    }
  }
}
