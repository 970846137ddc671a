public import Foundation

/// Files of the repository that tests read, found beside the sources.
public enum RepositoryFiles {
  public static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A public list that all samples are made of.
  public static var sanctionsList: String { folder.appending(path: "Samples/ofac-digital-currency.csv").path }

  /// A file of `Tests/Vectors`; its kebab-case names are read as camelCase.
  public static func vectors<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content
  {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in
      let words = (path.last?.stringValue ?? "").split(separator: "-")
      return Name(stringValue: words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined())
    }
    return try decoder.decode(type, from: Data(contentsOf: folder.appending(path: "Tests/Vectors/\(name).json")))
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
