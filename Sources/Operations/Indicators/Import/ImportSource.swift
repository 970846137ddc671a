public import Formats
internal import Indicators
internal import Wire

/// The form of a file with identifiers.
public enum ImportForm: String, CaseIterable, Sendable {
  case csv, stix, misp
}

/// A file with identifiers: a table, a STIX 2.1 bundle or MISP events.
public struct ImportSource: Sendable {
  /// How much of the file has been read.
  public struct Reading: Sendable {
    public let bytes: Int
    /// Nil where it is not known beforehand: a pipe.
    public let of: Int?
  }

  public var bytes: TableSource
  /// Nil to find it out from the content.
  public var form: ImportForm?
  /// For a table: which columns hold which type; empty: columns that bear a type's name, or `type` and `value`.
  public var maps: [ColumnMap]
  public var mapping = TableMapping()
  /// Nil to find it out from the content.
  public var encoding: TextEncoding?
  /// The wallet in which telephone numbers, and mail addresses, of a document are paid; nil if it is not known.
  public var phoneWallet: String?
  public var emailWallet: String?
  /// Whether MISP's attributes that are told for context are taken.
  public var includesContext = false

  public init(_ bytes: TableSource, form: ImportForm? = nil, maps: [ColumnMap] = []) {
    self.bytes = bytes
    self.form = form
    self.maps = maps
  }

  /// Calls back with everything that the file holds, in its order.
  /// - Parameter read: told of the progress.
  /// - Returns: as what it was read.
  /// - Throws: `Problem` `document-malformed`, `document-too-large`, `document-too-deep`, `document-unknown-form`, `document-empty`, those of a table
  ///   and its columns, and what the body throws.
  func each(
    read: (Reading) throws -> Void = { _ in }, _ body: (ImportedItem) throws -> Void
  ) throws -> (form: ImportForm, encoding: TextEncoding?) {
    var content = Content()
    let size = bytes.size
    var done = 0
    try bytes.each { piece in
      try content.take(piece, self, body)
      done += piece.count
      try read(Reading(bytes: done, of: size))
    }
    return try content.finish(self, body)
  }

  var chosenEncoding: TextEncoding? { encoding ?? mapping.encoding }

  /// The object that errors name.
  var name: String? {
    switch bytes {
    case .file(let path): path
    case .standardInput: "-"
    case .bytes: nil
    }
  }
}

/// What has come of a file: a document is gathered, a table read as it comes.
private enum Content {
  /// Only white space so far.
  case beginning([UInt8])
  case table(CSVFeed<CSVParser>, TableItems)
  case document([UInt8])

  init() { self = .beginning([]) }

  mutating func take(_ piece: [UInt8], _ source: ImportSource, _ body: (ImportedItem) throws -> Void) throws {
    switch self {
    case .beginning(let before):
      let start = before + piece
      guard let isDocument = Self.isDocument(start, source) else {
        self = .beginning(start)
        return
      }
      if isDocument {
        self = .document(start)
      } else {
        self = Self.table(source)
        try take(start, source, body)
      }
    case .document(var gathered):
      self = .document([])
      gathered += piece
      // Bytes, before they are brought into UTF-8.
      guard gathered.count <= DocumentForm.byteLimit else { throw Problem(DocumentProblem.tooLarge, source) }
      self = .document(gathered)
    case .table(var feed, var items):
      // Held once, so that nothing is copied.
      self = .beginning([])
      try feed.take(piece) { try items.take($0, body) }
      self = .table(feed, items)
    }
  }

  mutating func finish(
    _ source: ImportSource, _ body: (ImportedItem) throws -> Void
  ) throws -> (ImportForm, TextEncoding?) {
    if case .beginning(let start) = self {
      // Too little to tell, until there is no more.
      if Self.isDocument(start, source, isLast: true) == true {
        self = .document(start)
      } else {
        self = Self.table(source)
        try take(start, source, body)
      }
    }
    switch self {
    case .table(var feed, var items):
      self = .beginning([])
      try feed.finish { try items.take($0, body) }
      return (.csv, feed.encoding)
    case .document(let gathered):
      self = .beginning([])
      return try DocumentItems(source).read(gathered, body)
    case .beginning: return (.csv, nil)
    }
  }

  private static func table(_ source: ImportSource) -> Content {
    .table(
      CSVFeed(encoding: source.chosenEncoding, delimiter: source.mapping.delimiter),
      TableItems(maps: source.maps + source.mapping.columns, mapping: source.mapping))
  }

  /// Nil while it cannot be told.
  private static func isDocument(_ start: [UInt8], _ source: ImportSource, isLast: Bool = false) -> Bool? {
    if let form = source.form { return form != .csv }
    // A mark of two bytes and an odd byte are not yet a character.
    guard isLast || start.count >= 4 else { return nil }
    var decoder = TextDecoder(source.chosenEncoding)
    let text = decoder.feed(Array(start.prefix(4_096)))
    return DocumentForm.isDocument(isLast ? text + decoder.finish() : text)
  }
}

extension Problem {
  init(_ problem: DocumentProblem, _ source: ImportSource) {
    let next =
      switch problem.code {
      case DocumentProblem.Code.tooLarge.rawValue: "divide it into several documents"
      case DocumentProblem.Code.unknownForm.rawValue: "name its form with --format"
      default: "ask whoever sent it for a whole one"
      }
    self.init(problem.code, problem.reason, object: source.name, next: next)
  }
}
