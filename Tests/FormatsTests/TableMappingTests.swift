import Formats
import Testing

@Suite struct TableMappingTests {
  private func key(_ json: String) -> String? {
    do throws(TableMappingProblem) {
      _ = try TableMapping(json: Array(json.utf8))
      return nil
    } catch {
      return error.key
    }
  }

  @Test func saysWhatColumnsHold() throws {
    let mapping = try TableMapping(
      json: Array(
        """
        {"columns": {"iban": "account", "merchant-id": ["acquirer", "mid"]}, "fields": {"confidence": "score"},
         "delimiter": "semicolon", "encoding": "windows-1252"}
        """.utf8))
    #expect(mapping.columns.map(\.typeName) == ["iban", "merchant-id"])
    #expect(mapping.columns.map(\.columns) == [["account"], ["acquirer", "mid"]])
    #expect(mapping.fields == [.confidence: "score"] && mapping.delimiter == .semicolon)
    #expect(mapping.encoding == .windows1252)
    let typed = try TableMapping(json: Array(#"{"type": "kind", "value": "id"}"#.utf8))
    #expect(typed.typed == TableMapping.TypedColumn(type: "kind", value: "id"))
  }

  @Test func errorsNameTheKey() {
    #expect(key("[]") == "" && key("{") == "" && key("{}") == "columns")
    #expect(key(#"{"colums": {}}"#) == "colums")
    #expect(key(#"{"columns": ["a"]}"#) == "columns")
    #expect(key(#"{"columns": {"iban": 5}}"#) == "columns.iban")
    #expect(key(#"{"columns": {"iban": []}}"#) == "columns.iban")
    #expect(key(#"{"columns": {"iban": "a"}, "fields": {"colour": "b"}}"#) == "fields.colour")
    #expect(key(#"{"columns": {"iban": "a"}, "fields": {"country": ["b"]}}"#) == "fields.country")
    #expect(key(#"{"columns": {"iban": "a"}, "delimiter": "dot"}"#) == "delimiter")
    #expect(key(#"{"columns": {"iban": "a"}, "encoding": "ebcdic"}"#) == "encoding")
    #expect(key(#"{"type": "a"}"#) == "value" && key(#"{"value": "a"}"#) == "type")
    #expect(key(#"{"columns": {"iban": "a"}, "type": "b", "value": "c"}"#) == "columns")
  }
}
