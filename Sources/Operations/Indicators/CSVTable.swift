internal import Formats

/// Reading a table chunk by chunk, in the encoding that its bytes show and with the delimiter that divides its first row.
enum CSVTable {
  static func each(_ source: TableSource, _ body: (Result<CSVRow, CSVProblem>) throws -> Void) throws {
    _ = try read(source, by: CSVFeed<CSVParser>(), { _ in }, body)
  }

  /// - Parameter encoding: of the table; nil to find it out.
  /// - Returns: the encoding in which it was read; nil if it is ASCII.
  static func each(
    _ source: TableSource, encoding: TextEncoding?, _ body: (Result<CSVRow, CSVProblem>) throws -> Void
  ) throws -> TextEncoding? {
    try read(source, by: CSVFeed<CSVParser>(encoding: encoding), { _ in }, body)
  }

  /// As parts of whole rows, each of which can be read on its own.
  /// - Parameters:
  ///   - encoding: of the table; nil to find it out.
  ///   - read: told how many bytes have been read.
  /// - Returns: the encoding in which it was read; nil if it is ASCII.
  static func eachPart(
    _ source: TableSource, encoding: TextEncoding?, read progress: (Int) throws -> Void,
    _ body: (CSVPart) throws -> Void
  ) throws -> TextEncoding? {
    try read(source, by: CSVFeed<CSVSplitter>(encoding: encoding), progress, body)
  }

  private static func read<Reader: CSVReading>(
    _ source: TableSource, by feed: CSVFeed<Reader>, _ progress: (Int) throws -> Void,
    _ body: (Reader.Output) throws -> Void
  ) throws -> TextEncoding? {
    var feed = feed
    var bytes = 0
    try source.each { piece in
      try feed.take(piece, body)
      bytes += piece.count
      try progress(bytes)
    }
    try feed.finish(body)
    return feed.encoding
  }
}

/// A table that comes in pieces: its encoding and its delimiter show in its beginning.
struct CSVFeed<Reader: CSVReading> {
  private var decoder: TextDecoder
  private let delimiter: CSVDelimiter?
  private var reader: Reader?
  private var first: [UInt8] = []

  init(encoding: TextEncoding? = nil, delimiter: CSVDelimiter? = nil) {
    decoder = TextDecoder(encoding)
    self.delimiter = delimiter
  }

  /// Nil while only ASCII has come.
  var encoding: TextEncoding? { decoder.encoding }

  mutating func take(_ piece: [UInt8], _ body: (Reader.Output) throws -> Void) throws {
    try read(decoder.feed(piece), body)
  }

  mutating func finish(_ body: (Reader.Output) throws -> Void) throws {
    try read(decoder.finish(), body)
    if reader == nil { try begin(body) }
    for output in reader?.finish() ?? [] { try body(output) }
  }

  private mutating func read(_ text: [UInt8], _ body: (Reader.Output) throws -> Void) throws {
    guard reader == nil else {
      for output in reader?.feed(text) ?? [] { try body(output) }
      return
    }
    // The delimiter shows in the first row; a pipe may bring it in parts.
    first += text
    if first.contains(UInt8(ascii: "\n")) || first.count > CSVParser.rowByteLimit { try begin(body) }
  }

  private mutating func begin(_ body: (Reader.Output) throws -> Void) throws {
    var fresh = Reader(delimiter: delimiter ?? CSVDelimiter(dividing: first.prefix(CSVParser.rowByteLimit)))
    let outputs = fresh.feed(first)
    first = []
    reader = fresh
    for output in outputs { try body(output) }
  }
}
