internal import Formats

/// Reading a table as parts of whole rows, with the delimiter that divides its first row.
enum TableParts {
  static func each(_ source: TableSource, _ body: (CSVPart) throws -> Void) throws {
    var splitter: CSVSplitter?
    var first: [UInt8] = []
    func begin() throws {
      var fresh = CSVSplitter(delimiter: CSVDelimiter(dividing: first.prefix(CSVParser.rowByteLimit)))
      for part in fresh.feed(first) { try body(part) }
      first = []
      splitter = fresh
    }
    try source.each { piece in
      guard splitter == nil else {
        for part in splitter?.feed(piece) ?? [] { try body(part) }
        return
      }
      // The delimiter shows in the first row; a pipe may bring it in parts.
      first += piece
      if first.contains(UInt8(ascii: "\n")) || first.count > CSVParser.rowByteLimit { try begin() }
    }
    if splitter == nil { try begin() }
    for part in splitter?.finish() ?? [] { try body(part) }
  }
}
