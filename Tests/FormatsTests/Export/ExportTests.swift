import Foundation
import Testing

@testable import Formats

/// Every form says the same of an indicator, always in the same bytes, and plaintext only where it was given.
@Suite struct ExportTests {
  private let scope = ExportScope(
    isMerged: false, alliance: "aa", coalition: "se", name: "Demo se", updated: 1_800_000_000_123)
  private let digest = String(repeating: "0a", count: 32)

  private func one(_ type: String = "iban", value: String? = nil) -> ExportedIndicator {
    var one = ExportedIndicator(
      typeName: type, digest: digest, keyEpoch: 3, normaliser: 2,
      fields: [
        .validFrom: "2026-01-10", .validUntil: "2026-12-31", .handling: "green", .reason: "sanctions-list",
        .role: "payee",
        .provenance: "court", .confidence: "80", .country: "SE", .observedFrom: "2026-01-02", .group: "00ff",
      ])
    one.value = value
    return one
  }

  private func file(_ writer: some ExchangeWriting, _ indicators: [ExportedIndicator]) throws -> [UInt8] {
    var writer = writer
    return try writer.begin() + indicators.flatMap { try writer.write($0) } + writer.end()
  }

  private func items(_ bytes: [UInt8]) throws -> [DocumentItem] {
    try DocumentForm.items(of: bytes, as: nil, includesContext: false).items
  }

  /// What a reader finds again, for every type and for values with every sign that a form escapes.
  @Test(arguments: [
    ("iban", "X"), ("card-pan", "1"), ("crypto-address", "r|5"), ("domain", "a.example"),
    ("url", #"https://a.example/it's\"x"#),
    ("merchant-id", "1|2"), ("phone-wallet", "swish|+1"), ("merchant-descriptor", "A B*'\\"),
  ])
  func revealedIndicatorsAreReadAgain(_ type: String, _ value: String) throws {
    let one = one(type, value: value)
    for bytes in [try file(STIXExport(scope), [one]), try file(MISPExport(scope), [one])] {
      guard case .found(let found) = try items(bytes).first else {
        Issue.record("not found in \(String(decoding: bytes, as: UTF8.self))")
        continue
      }
      #expect(found.typeName == type && found.text == value && !found.lacksWallet)
      #expect(found.fields == one.fields)
    }
  }

  @Test func digestsCarryNoPlaintextAndAreRefused() throws {
    for bytes in [try file(STIXExport(scope), [one()]), try file(MISPExport(scope), [one()])] {
      guard case .refused(let refusal) = try items(bytes).first else {
        Issue.record("not refused")
        continue
      }
      #expect(refusal.code == "digest-only" && !refusal.object.isEmpty)
      #expect(String(decoding: bytes, as: UTF8.self).contains(digest))
    }
  }

  @Test func aSecondExportIsTheSame() throws {
    let many = [one(), one(value: "X")]
    #expect(try file(STIXExport(scope), many) == file(STIXExport(scope), many))
    #expect(try file(MISPExport(scope), many) == file(MISPExport(scope), many))
    #expect(try file(TableExport(scope, hasValues: true), many) == file(TableExport(scope, hasValues: true), many))
  }

  @Test func idsFollowFromWhatIsMeant() throws {
    func id(_ scope: ExportScope, _ one: ExportedIndicator) throws -> String {
      let text = String(decoding: try file(STIXExport(scope), [one]), as: UTF8.self)
      return String(try #require(text.firstMatch(of: /"id":"(indicator--[0-9a-f-]+)"/)).output.1)
    }
    let usual = try id(scope, one())
    #expect(try id(scope, one(value: "X")) != usual, "another content")
    var other = scope
    other.isMerged = true
    #expect(try id(other, one()) != usual)
    other = scope
    other.coalition = "no"
    #expect(try id(other, one()) != usual)
    other = scope
    other.updated += 1
    #expect(try id(other, one()) == usual, "a later version of the same")
  }

  /// RFC 9562, appendix A.4, gives www.example.com in the namespace of domain names; our namespace follows the same way.
  @Test func namesGiveTheirUUIDs() {
    #expect(NameUUID.text("extension-definition") == "ea6d1260-8040-569b-95b5-d05c9804434e")
    #expect(STIXIdentity.digestExtension == "extension-definition--" + NameUUID.text("extension-definition"))
  }

  @Test func theLastDayIsInclusive() throws {
    let text = String(decoding: try file(STIXExport(scope), [one()]), as: UTF8.self)
    #expect(text.contains(#""valid_until":"2027-01-01T00:00:00.000Z""#))
    #expect(text.contains(#""modified":"2027-01-15T08:00:00.123Z""#))
  }

  @Test func theStrictestColourDecidesForTheEvent() throws {
    var clear = one()
    clear.fields[.handling] = "clear"
    let open = String(decoding: try file(MISPExport(scope), [clear]), as: UTF8.self)
    #expect(open.contains(#""distribution":"3""#) && open.contains("tlp:clear") && !open.contains("tlp:green"))
    let both = String(decoding: try file(MISPExport(scope), [one(), clear]), as: UTF8.self)
    #expect(both.contains(#""distribution":"1""#) && !both.contains(#""distribution":"3""#))
  }

  @Test func anEmptyExportIsWhole() throws {
    #expect(try items(file(STIXExport(scope), [])).isEmpty)
    #expect(try items(file(MISPExport(scope), [])).isEmpty)
  }

  @Test func aTableHasItsColumns() throws {
    let text = String(decoding: try file(TableExport(scope, hasValues: true), [one(value: "X")]), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines[0].hasPrefix("type,value,digest,algorithm,key-epoch,normaliser,reason,provenance,role,handling,"))
    #expect(lines[1].hasPrefix("iban,X,\(digest),hmac-sha-256,3,2,sanctions-list,court,payee,green,,80,SE,"))
    let bare = String(decoding: try file(TableExport(scope, hasValues: false), [one(value: "X")]), as: UTF8.self)
    #expect(bare.hasPrefix("type,digest,") && !bare.contains("X"))
  }
}
