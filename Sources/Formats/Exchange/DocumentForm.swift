internal import Foundation

/// Which form of document a file has, and what is in it.
public enum DocumentForm: String, CaseIterable, Sendable {
  case stix
  case misp

  /// Documents are read whole; larger ones are divided by whoever sends them.
  public static let byteLimit = 256 << 20
  /// Deeper than either form goes.
  public static let depthLimit = 64

  /// Whether a file begins as a document does: with `{` or `[` after white space and marks.
  /// - Parameter start: in UTF-8.
  public static func isDocument(_ start: [UInt8]) -> Bool? {
    let rest = start.starts(with: CSVBytes.byteOrderMark) ? start.dropFirst(3) : start[...]
    guard let first = rest.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return nil }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  /// Everything in a document that concerns payments.
  /// - Parameters:
  ///   - bytes: the whole document in UTF-8.
  ///   - form: as which it is read; nil to find that out.
  ///   - includesContext: whether MISP's attributes with `to_ids` false are taken.
  /// - Throws: `DocumentProblem`.
  public static func items(
    of bytes: [UInt8], as form: DocumentForm?, includesContext: Bool
  ) throws(DocumentProblem) -> (form: DocumentForm, items: [DocumentItem]) {
    guard bytes.count <= byteLimit else { throw .tooLarge }
    let data = Data(bytes.starts(with: CSVBytes.byteOrderMark) ? bytes.dropFirst(3) : bytes[...])
    try JSONShape.check(data, depth: depthLimit)
    var chosen = form
    if chosen == nil { chosen = try find(in: data) }
    switch chosen {
    case .stix: return (.stix, STIXBundle.items(try STIXBundle.decode(data)))
    case .misp, nil: return (.misp, MISPDocument.items(try MISPDocument.decode(data), includesContext: includesContext))
    }
  }

  private static func find(in data: Data) throws(DocumentProblem) -> DocumentForm {
    let start = try JSONReading.decode(Envelope.self, from: data)
    if start.isBundle { return .stix }
    if start.isEvent { return .misp }
    throw DocumentProblem(.unknownForm, "it is JSON, but neither a STIX bundle nor a MISP event")
  }

  /// Only what tells the forms apart.
  private struct Envelope: Decodable {
    var isBundle = false
    var isEvent = false

    enum Key: String, CodingKey {
      case type, objects, response, uuid, info
      case event = "Event"
      case attributes = "Attribute"
    }

    init(from decoder: any Decoder) throws {
      guard let container = try? decoder.container(keyedBy: Key.self) else {
        // A list of events.
        isEvent = (try? decoder.unkeyedContainer()) != nil
        return
      }
      isBundle = JSONReading.text(container, .type) == "bundle"
      isEvent =
        container.contains(.event) || container.contains(.response)
        || (container.contains(.info) && (container.contains(.attributes) || container.contains(.uuid)))
    }
  }
}

/// Why a document is not read at all.
public struct DocumentProblem: Error, Sendable, Hashable {
  public enum Code: String, CaseIterable, Sendable {
    case tooLarge = "document-too-large"
    case tooDeep = "document-too-deep"
    case malformed = "document-malformed"
    case unknownForm = "document-unknown-form"
  }

  public let code: String
  /// One sentence for people; never a value.
  public let reason: String

  init(_ code: Code, _ reason: String) {
    self.code = code.rawValue
    self.reason = reason
  }

  public static let tooLarge = DocumentProblem(
    .tooLarge, "a document is read whole, and may have at most \(DocumentForm.byteLimit >> 20) MiB")
}
