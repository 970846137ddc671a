import Formats
import Seeded
import Testing

/// The quick reading finds what `CSVParser` finds, on every input. Every run prints its seed.
@Suite struct CSVSplitTests {
  private let seed: UInt64
  private var random: SeededRandom

  init() {
    seed = UInt64.random(in: .min ... .max)
    random = SeededRandom(seed: seed)
    print("split test seed: \(seed)")
  }

  @Test(arguments: ["", "\"", "\r", "\"\r\u{FEFF}", "\u{FF}"])
  mutating func agreesOnGeneratedTables(signs: String) {
    let common = ["a", "bc", "é", ",", ",", "\n", "\n", "\"a,b\"", "\"c\"\"d\"", ";"].map { Array($0.utf8) }
    let odd =
      ["\"", "\"\"", "\r\n", "\r", "\u{FEFF}", "\"\n", ",\"", "\"x\ny\","].map { Array($0.utf8) } + [
        [0xFF], [0xC3], [0xEF, 0xBB],
      ]
    for _ in 0..<3_000 {
      var file: [UInt8] = random.happens(oneIn: 4) ? [0xEF, 0xBB, 0xBF] : []
      for _ in 0..<random.below(40) {
        let pieces = random.happens(oneIn: signs.isEmpty ? 40 : 3) ? odd : common
        file += pieces[Int(random.below(UInt64(pieces.count)))]
      }
      check(file, greatestChunk: 9)
    }
  }

  @Test mutating func agreesOnWellFormedTables() {
    let fields = ["", "a", "12345678901", "räksmör", "x\"y", "a,b", "line\nend", "cr\rlf\r\n", "\"", "|"]
    for _ in 0..<300 {
      let writer = CSVWriter(lineEnd: random.happens(oneIn: 2) ? .lineFeed : .carriageReturnLineFeed)
      var file: [UInt8] = []
      for _ in 0..<random.below(60) {
        file += writer.bytes((0...random.below(5)).map { _ in fields[Int(random.below(UInt64(fields.count)))] })
        if random.happens(oneIn: 9) { file += [0x0A] }
      }
      check(file, greatestChunk: 60)
    }
  }

  /// Rows and fields about as long as they may be, or endless.
  @Test mutating func agreesAtTheLimits() {
    let x = [UInt8](repeating: 0x78, count: 60_000)
    let limit = CSVParser.fieldByteLimit
    let fits = [UInt8](repeating: 0x78, count: limit)
    let lines = (0..<5_000).flatMap { _ in Array("0123456789abcde\n".utf8) }
    let quotes = [UInt8](repeating: 0x22, count: 2 * limit)
    let wide = Array(String(repeating: ",", count: CSVParser.fieldCountLimit - 1).utf8)
    let row = Array((0..<17).map { _ in x }.joined(separator: [0x2C]))
    let endless = [UInt8](repeating: 0x79, count: 5 << 20)
    var files: [[UInt8]] = [
      fits, fits + [0x78], [0x22] + fits + [0x22], [0x22] + fits + [0x78, 0x22], wide, wide + [0x2C], row,
    ]
    files += [
      row + [0x2C] + x, [0x22] + quotes + [0x22], [0x22] + quotes + [0x22, 0x22, 0x22], [0x22] + lines + lines,
    ]
    files += [[0x22] + lines + [0x22, 0x2C] + x]
    for file in files {
      check(Array("a,b\n".utf8) + file + Array("\nc,d\n\"e\"\n".utf8), greatestChunk: 1 << 17)
      check(file, greatestChunk: 1 << 18)
    }
    check([0x22] + endless + Array("\nc,d\n\"e\"\n".utf8), greatestChunk: 1 << 20)
  }

  @Test func agreesOnNothing() {
    for file in ["", "\n", "\u{FEFF}", "\"", "a", "\r\n\r\n"] { check(Array(file.utf8), greatestChunk: 3) }
  }

  /// Whether rows, problems, lines and texts are the same in one reading and the other.
  private func check(_ file: [UInt8], greatestChunk: UInt64) {
    var parser = CSVParser()
    let expected = parser.feed(file) + parser.finish()
    var chunks = SeededRandom(seed: seed &+ UInt64(file.count))
    var splitter = CSVSplitter()
    var found: [Result<CSVRow, CSVProblem>] = []
    var texts: [String?] = []
    func read(_ parts: [CSVPart]) {
      for part in parts {
        var reader = CSVRowReader(part)
        while let next = reader.next() {
          found.append(next.map { CSVRow(line: $0, fields: reader.fields()) })
          guard case .success = next else { continue }
          texts.append(
            reader.withText(at: [1, 0]) { text in String(decoding: text.indices.map { text[$0] }, as: UTF8.self) })
        }
      }
    }
    var rest = file[...]
    while !rest.isEmpty {
      let length = Int(chunks.below(greatestChunk))
      read(splitter.feed(Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    read(splitter.finish())
    let rows = expected.compactMap { try? $0.get() }
    // Long files are not printed.
    let shown = file.count < 200 ? "\(file)" : "\(file.count) bytes"
    #expect(found == expected, "seed \(seed): \(shown)")
    #expect(texts == rows.map { ColumnMap.text(of: $0, at: [1, 0]) }, "seed \(seed): \(shown)")
  }
}
