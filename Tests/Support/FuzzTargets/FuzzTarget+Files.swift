internal import Alliance
internal import Audit
internal import Formats
internal import Indicators
internal import Keys
internal import Protected

extension FuzzTarget {
  /// Files that coalitions send each other: what is read and written again is the same.
  func readSentFile(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    switch self {
    case .card:
      guard let card = try? CoalitionCard(text: text, file: "card") else { return }
      try BrokenPromise.check(
        (try? CoalitionCard(text: card.text, file: "card")) == card, "a card is read as it was written")
    case .memberCard: _ = try? MemberCard(text: text, file: "card")
    case .alliance:
      guard let (file, _) = try? AllianceFile.read(text: text, file: "alliance") else { return }
      let again = try? AllianceFile.read(text: file.text, file: "alliance")
      try BrokenPromise.check(
        again?.0 == file && again?.dropped.isEmpty == true, "an alliance file is read as it was written")
      try BrokenPromise.check((try? file.merging(file)) == file, "a file and itself are itself")
    case .records: try readRecords(text)
    case .auditLog: try readAuditLog(text)
    case .listContent: try readListContent(bytes)
    default:
      _ = try? MemberListFile(bytes: bytes, file: "list")
    }
  }

  /// What verifies has one meaning: every entry is written as it was read, and its end depends on every line.
  private func readAuditLog(_ text: String) throws {
    var entries: [AuditEntry] = []
    let (found, _) = AuditExport.verify(text) { entries.append($0) }
    try BrokenPromise.check(UInt64(entries.count) == found.entries, "every entry that is good is counted")
    guard found.fault == nil, let last = entries.last else { return }
    try BrokenPromise.check(found.head.hash == last.hash, "the head is the last entry's hash")
    for entry in entries { try BrokenPromise.check(text.contains(entry.line), "an entry is its line") }
  }

  /// Files that people import: read in pieces or at once, the result is the same.
  func readImportedFile(_ bytes: [UInt8]) throws {
    switch self {
    case .table: try readTable(bytes)
    case .document:
      for form in [DocumentForm?.none, .stix, .misp] {
        _ = try? DocumentForm.items(of: bytes, as: form, includesContext: form == .misp)
      }
    case .mapping: _ = try? TableMapping(json: bytes)
    case .policy: try readPolicy(bytes)
    case .neverList:
      var reader = NeverListReader()
      reader.feed(bytes)
      reader.finish()
      try BrokenPromise.check(
        reader.problems.count <= NeverListReader.problemLimit, "problems of a never-list are bounded")
    case .text:
      var choices = Choices(bytes)
      let encodings: [TextEncoding?] = [nil] + TextEncoding.allCases
      let encoding = choices.one(of: encodings) ?? nil
      let cut = Int(choices.byte())
      let content = choices.all()
      try BrokenPromise.check(
        decoded([content], encoding)
          == decoded([Array(content.prefix(cut)), Array(content.dropFirst(cut))], encoding),
        "a text in two pieces is the same text")
    default: try readIdentifier(bytes)
    }
  }

  private func decoded(_ pieces: [[UInt8]], _ encoding: TextEncoding?) -> [UInt8] {
    var decoder = TextDecoder(encoding)
    var text: [UInt8] = []
    for piece in pieces { text += decoder.feed(piece) }
    return text + decoder.finish()
  }

  private func readTable(_ bytes: [UInt8]) throws {
    var choices = Choices(bytes)
    let delimiter = choices.one(of: CSVDelimiter.allCases) ?? .comma
    let cut = Int(choices.byte())
    let content = choices.all()
    let whole = rows([content], delimiter)
    try BrokenPromise.check(
      whole == rows([Array(content.prefix(cut)), Array(content.dropFirst(cut))], delimiter),
      "a table in two pieces is the same table")
    var splitter = CSVSplitter(delimiter: delimiter)
    let parts = splitter.feed(content) + splitter.finish()
    var divided: [Result<CSVRow, CSVProblem>] = []
    for part in parts {
      var reader = CSVRowReader(part)
      while let row = reader.next() {
        divided.append(row.map { CSVRow(line: $0, fields: reader.fields()) })
      }
    }
    try BrokenPromise.check(whole == divided, "the rows of the parts are the rows of the table")
  }

  private func rows(_ pieces: [[UInt8]], _ delimiter: CSVDelimiter) -> [Result<CSVRow, CSVProblem>] {
    var parser = CSVParser(delimiter: delimiter)
    return pieces.flatMap { parser.feed($0) } + parser.finish()
  }

  private func readIdentifier(_ bytes: [UInt8]) throws {
    var choices = Choices(bytes)
    let types: [IndicatorType?] = [nil] + IndicatorType.supported
    let type = choices.one(of: types) ?? nil
    let text = String(decoding: choices.all(), as: UTF8.self)
    _ = try? Indicator.readings(of: text, as: type)
    let indicator: Indicator
    do {
      indicator = try Indicator.parse(text, as: type)
    } catch {
      try BrokenPromise.check(
        text.utf8.count < 8 || !error.reason.contains(text), "a rejection never repeats the text")
      return
    }
    // What belongs to a scheme may need it beside the value, which the value alone does not say.
    let again = try? Indicator.parse(indicator.value, as: indicator.type)
    try BrokenPromise.check(
      again == indicator || !indicator.scheme.isEmpty && (again == nil || again?.value == indicator.value),
      "the canonical form of a \(indicator) is read as itself")
    _ = PublicSuffix.registrable(indicator.value)
  }
}
