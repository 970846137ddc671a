internal import Formats
internal import Indicators

/// Where in a file something stands.
public enum ImportPlace: Sendable, Hashable, CustomStringConvertible {
  /// Of a table, from 1.
  case line(Int)
  /// Of a document: the id that it gives to its object.
  case object(String)

  public var description: String {
    switch self {
    case .line(let line): "line \(line)"
    case .object(let id): id.isEmpty ? "an object without an id" : id
    }
  }
}

/// What a source gives, table or document.
enum ImportedItem {
  case found(FoundItem)
  /// Cannot or must not be listed: the code and, for people, why.
  case rejected(ImportPlace, type: String, code: String, reason: String)
  /// Rightly not listed.
  case leftOut(ImportPlace, code: String, reason: String)
}

/// An identifier that a file names, and what the file says of it.
struct FoundItem {
  let place: ImportPlace
  let type: IndicatorType
  let text: String
  /// What the file says where it says something; all else the command says.
  let fields: [ListingField: String]
}
