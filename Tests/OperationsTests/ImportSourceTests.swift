import AllianceBench
import Formats
import Foundation
import Testing

@testable import Operations

/// What a file of any form gives, before it is judged.
@Suite struct ImportSourceTests {
  private func items(_ source: ImportSource) throws -> (form: ImportForm, encoding: TextEncoding?, texts: [String]) {
    var texts: [String] = []
    let (form, encoding) = try source.each { item in
      switch item {
      case .found(let found):
        let said = found.fields.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue)=\($0.value)" }
        texts.append(([found.type.name, found.text, found.place.description] + said).joined(separator: " "))
      case .rejected(_, _, let code, _), .leftOut(_, let code, _): texts.append(code)
      }
    }
    return (form, encoding, texts)
  }

  private static func utf16(_ text: String) -> [UInt8] {
    [0xFF, 0xFE] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
  }

  private func source(_ text: String, _ maps: [String] = []) throws -> ImportSource {
    ImportSource(.bytes(Array(text.utf8)), maps: try maps.map { try ColumnMap(flag: $0) })
  }

  @Test func aTableIsATable() throws {
    let found = try items(source("account,x\nA,1\n\nB,2\nC", ["iban=account"]))
    #expect(found.form == .csv && found.encoding == nil)
    #expect(throws: (any Error).self) { try items(source("account\n", ["iban=other"])) }
    let table = try items(source("account,x\nA,1\n\nB,2\nC", ["iban=account", "domain=x"]))
    #expect(
      table.texts == [
        "iban A line 2", "domain 1 line 2", "iban B line 4", "domain 2 line 4", "iban C line 5", "row-short",
      ])
  }

  @Test func rowsSayWhatTheirColumnsSay() throws {
    var mapped = try source("k;conf;land\nA;80;SE\nB;;NO\n")
    mapped.mapping = try TableMapping(
      json: Array(#"{"columns": {"iban": "k"}, "fields": {"confidence": "conf", "country": "land"}}"#.utf8))
    #expect(try items(mapped).texts == ["iban A line 2 confidence=80 country=SE", "iban B line 3 country=NO"])
    let own = try items(source("type,value,reason,other\niban,A,sanctions-list,x\nurl,,,\nnothing,B,,\n"))
    #expect(own.texts == ["iban A line 2 reason=sanctions-list", "digest-only", "unsupported-type"])
    mapped.mapping = try TableMapping(
      json: Array(#"{"columns": {"iban": "k"}, "fields": {"country": "lacking"}}"#.utf8))
    #expect(problemCode { _ = try items(mapped) } == "missing-column")
  }

  @Test func anyEncodingGivesTheSameRows() throws {
    let text = "Empfänger;€\nA;ä\nB;ö\n"
    let utf16 = Self.utf16(text)
    let western: [UInt8] = text.unicodeScalars.map { $0 == "€" ? 0x80 : UInt8($0.value) }
    for (bytes, encoding) in [
      (Array(text.utf8), TextEncoding.utf8), (utf16, .utf16LittleEndian), (western, .windows1252),
    ] {
      let source = ImportSource(.bytes(bytes), maps: [try ColumnMap(flag: "iban=Empfänger")])
      let found = try items(source)
      #expect(found.encoding == encoding && found.texts == ["iban A line 2", "iban B line 3"])
    }
  }

  @Test func documentsAreFoundByTheirContent() throws {
    let event = #"{"Event": {"info": "x", "Attribute": [{"type": "phone-number", "value": "+1", "to_ids": true}]}}"#
    var source = try source(event)
    #expect(try items(source).form == .misp && items(source).texts == ["wallet-not-named"])
    source.phoneWallet = "swish"
    #expect(try items(source).texts == ["phone-wallet swish|+1 an object without an id"])
    source.form = .stix
    #expect(try items(source).texts.isEmpty)
    source.form = .csv
    #expect(problemCode { _ = try items(source) } == "no-columns")
    let utf16 = Self.utf16(event)
    #expect(try items(ImportSource(.bytes(utf16))).form == .misp)
    #expect(problemCode { _ = try items(try self.source("{}")) } == "document-unknown-form")
    #expect(problemCode { _ = try items(try self.source("{\"a\"")) } == "document-malformed")
    #expect(problemCode { _ = try items(try self.source("  \n ")) } == "no-columns")
    #expect(try items(self.source("")).texts.isEmpty)
  }
}
