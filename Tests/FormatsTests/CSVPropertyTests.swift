import Formats
import Seeded
import Testing

/// Properties over generated files. Every run prints its seed.
@Suite struct CSVPropertyTests {
  private let seed: UInt64
  private var generator: SeededRandom

  init() {
    seed = UInt64.random(in: .min ... .max)
    generator = SeededRandom(seed: seed)
    print("property test seed: \(seed)")
  }

  private mutating func bytes(from pieces: [[UInt8]], count: Int) -> [UInt8] {
    (0..<count).flatMap { _ in pieces.randomElement(using: &generator) ?? [] }
  }

  @Test mutating func divisionIntoChunksDoesNotMatter() {
    let pieces = ["a", "é", ",", ",", "\"", "\"", "\n", "\r", "\r\n", "\"\"", "\u{FEFF}"].map { Array($0.utf8) }
    for _ in 0..<2_000 {
      let file = bytes(from: pieces + [[0xFF], [0xEF]], count: Int.random(in: 0...40, using: &generator))
      var whole = CSVParser()
      let expected = whole.feed(file) + whole.finish()
      var parts = CSVParser()
      var results: [Result<CSVRow, CSVProblem>] = []
      var rest = file[...]
      while !rest.isEmpty {
        let length = Int.random(in: 0...4, using: &generator)
        results += parts.feed(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
      }
      results += parts.finish()
      #expect(results == expected, "seed \(seed): \(file)")
    }
  }

  @Test mutating func divisionDoesNotMatterAtTheLimits() {
    for quoted in [false, true] {
      for lines in [1, 200] {
        var file: [UInt8] = quoted ? Array("\"".utf8) : []
        for _ in 0..<lines { file += Array(repeating: 0x78, count: 70_000 / lines) + (quoted ? [0x0A] : []) }
        file += Array("\na,b\n".utf8)
        var whole = CSVParser()
        let expected = whole.feed(file) + whole.finish()
        var parts = CSVParser()
        let length = Int.random(in: 1...1000, using: &generator)
        var results: [Result<CSVRow, CSVProblem>] = []
        for start in stride(from: 0, to: file.count, by: length) {
          results += parts.feed(Array(file[start..<min(start + length, file.count)]))
        }
        #expect(results + parts.finish() == expected, "seed \(seed), quoted \(quoted), lines \(lines)")
      }
    }
  }

  @Test mutating func whatIsWrittenReadsBack() throws {
    let pieces = ["a", "é", ",", ";", "\t", "|", "\"", "\n", "\r", " ", "\u{FEFF}"].map { Array($0.utf8) }
    for _ in 0..<500 {
      for delimiter in CSVDelimiter.allCases {
        for lineEnd in CSVWriter.LineEnd.allCases {
          let rows = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
            (0..<Int.random(in: 1...4, using: &generator)).map { _ in
              String(decoding: bytes(from: pieces, count: Int.random(in: 0...5, using: &generator)), as: UTF8.self)
            }
          }
          let writer = CSVWriter(delimiter: delimiter, lineEnd: lineEnd)
          var parser = CSVParser(delimiter: delimiter)
          let results = parser.feed(rows.flatMap(writer.bytes)) + parser.finish()
          #expect(try results.map { try $0.get().fields } == rows, "seed \(seed)")
        }
      }
    }
  }

  @Test func writesWhatTheStandardShows() {
    let writer = CSVWriter(lineEnd: .carriageReturnLineFeed)
    #expect(String(decoding: writer.bytes(["aaa", "b\"bb", "c c", ""]), as: UTF8.self) == "aaa,\"b\"\"bb\",c c,\r\n")
    #expect(String(decoding: CSVWriter().bytes([""]), as: UTF8.self) == "\"\"\n")
  }
}
