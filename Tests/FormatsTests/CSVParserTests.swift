import Formats
import Testing

@Suite struct CSVParserTests {
  @Test(arguments: [
    ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
    ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
    ("a\rb\r", [["a"], ["b"]]),
    ("a,,\n,\n", [["a", "", ""], ["", ""]]),
    ("\n\r\n\ra\n\n\n", [["a"]]),
    ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]),
    ("\"a\nb\r\nc\rd\"\n", [["a\nb\r\nc\rd"]]),
    ("\"\"\n", [[""]]),
    ("\"\",\"\"", [["", ""]]),
    ("a,", [["a", ""]]),
    ("\"a\"", [["a"]]),
    ("5\" pipe,x\"y\"\n", [["5\" pipe", "x\"y\""]]),
    (" a , b \n", [[" a ", " b "]]),
    ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
    ("a\n\u{FEFF}b\n", [["a"], ["\u{FEFF}b"]]),
    ("räksmörgås,東京\n", [["räksmörgås", "東京"]]),
    ("", []),
    ("\u{FEFF}", []),
  ])
  func readsFields(text: String, fields: [[String]]) throws {
    #expect(try parse(text).map { try $0.get().fields } == fields)
  }

  @Test func rowsKnowTheirLine() throws {
    let rows = try parse("a\r\n\r\n\"b\r\nc\"\r\rd\n\ne").map { try $0.get() }
    #expect(rows.map(\.line) == [1, 3, 6, 8])
  }

  @Test func aProblemDoesNotStopTheNextRows() {
    let results = parse("a,b\n\"c\"d,e\nf,g\n")
    #expect(results.map(summary) == ["1 a|b", "2 text-after-quote", "3 f|g"])
  }

  @Test func namesTheLineOfAnUnterminatedQuote() throws {
    let results = parse("a\nb,\"c\nd\ne\n")
    #expect(results.map(summary) == ["1 a", "2 unterminated-quote"])
  }

  @Test func limitsAField() {
    let limit = CSVParser.fieldByteLimit
    #expect(parse(String(repeating: "x", count: limit)).map(summary).count == 1)
    let results = parse("\(String(repeating: "x", count: limit + 1)),y\nz\n")
    #expect(results.map(summary) == ["1 field-too-long", "2 z"])
    #expect(parse("\"\(String(repeating: "x", count: limit + 1))\"\nz").map(summary) == ["1 field-too-long", "2 z"])
  }

  @Test func namesTheLinesThatAForgottenQuoteTakes() throws {
    let lines = String(repeating: "0123456789abcde\n", count: 8192)
    let results = parse("a\n\"b\n\(lines)")
    #expect(results.count > 4000)
    let summaries = results.map(summary)
    #expect(summaries.prefix(3) == ["1 a", "2 unterminated-quote", "4099 0123456789abcde"])
    guard case .failure(let problem) = results[1] else { return }
    #expect(problem.reason.contains("lines 2 to 4098 are not read"))
  }

  @Test func limitsARow() {
    let field = String(repeating: "x", count: 60_000)
    let row = Array(repeating: field, count: 18).joined(separator: ",")
    #expect(parse("\(row)\nz").map(summary) == ["1 row-too-long", "2 z"])
  }

  @Test func limitsTheNumberOfFields() {
    let limit = CSVParser.fieldCountLimit
    #expect(parse(String(repeating: ",", count: limit - 1)).allSatisfy { (try? $0.get()) != nil })
    #expect(parse("\(String(repeating: ",", count: limit))\nz\n").map(summary) == ["1 too-many-fields", "2 z"])
  }

  @Test func refusesWhatIsNotUTF8() {
    var parser = CSVParser()
    let results = parser.feed([0x61, 0x2C, 0xFF, 0x0A, 0x62, 0x0A]) + parser.finish()
    #expect(results.map(summary) == ["1 invalid-utf-8", "2 b"])
    #expect((parser.feed([0xEF, 0xBB]) + parser.finish()).map(summary) == ["1 invalid-utf-8"])
  }

  @Test(arguments: zip(CSVDelimiter.allCases, ["a,b", "a;b", "a\tb", "a|b"]))
  func dividesAtTheDelimiter(delimiter: CSVDelimiter, text: String) throws {
    var parser = CSVParser(delimiter: delimiter)
    let results = parser.feed(Array(text.utf8)) + parser.finish()
    #expect(try results.map { try $0.get().fields } == [["a", "b"]])
  }

  @Test(arguments: [
    ("account", CSVDelimiter.comma), ("", .comma), ("a,b;c;d\n1,2,3", .semicolon), ("\n\na\tb\n1;2;3", .tab),
    ("\"x,y,z\";note", .semicolon), ("\u{FEFF}a|b", .bar), ("\"open;;;", .comma), ("a,b\r1;2;3", .comma),
  ])
  func findsTheDelimiterOfTheFirstRow(text: String, delimiter: CSVDelimiter) {
    #expect(CSVDelimiter(dividing: text.utf8) == delimiter)
  }

  @Test func readsAnotherFileAfterFinish() {
    var parser = CSVParser()
    _ = parser.feed(Array("a\n\"b".utf8)) + parser.finish()
    #expect((parser.feed(Array("\u{FEFF}c\n".utf8)) + parser.finish()).map(summary) == ["1 c"])
  }
}

func parse(_ text: String) -> [Result<CSVRow, CSVProblem>] {
  var parser = CSVParser()
  return parser.feed(Array(text.utf8)) + parser.finish()
}

func summary(_ result: Result<CSVRow, CSVProblem>) -> String {
  switch result {
  case .success(let row): "\(row.line) \(row.fields.joined(separator: "|"))"
  case .failure(let problem): "\(problem.line) \(problem.code)"
  }
}
