import Alliance
import Formats
import Foundation
import Indicators
import Protected
import RepositoryFiles
import Testing

/// Programs depend on the codes of errors, so `Docs/cli.md` lists them all.
@Suite struct DocumentedCodesTests {
  private func documented() throws -> Set<String> {
    let text = try String(contentsOf: RepositoryFiles.folder.appending(path: "Docs/cli.md"), encoding: .utf8)
    return Set(text.matches(of: /`([a-z0-9-]+)`/).map { String($0.output.1) })
  }

  @Test func everyProblemOfTheSources() throws {
    let documented = try documented()
    let sources = RepositoryFiles.folder.appending(path: "Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var found: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" && !file.path.hasSuffix(".pb.swift") {
      let text = try String(contentsOf: file, encoding: .utf8)
      found.formUnion(
        text.matches(of: /(?:Problem|[^.]broken|[^.]fault)\(\s*"([a-z0-9-]+)",/).map { String($0.output.1) })
    }
    #expect(found.count > 100)
    #expect(found.subtracting(documented).sorted() == [])
  }

  @Test func everyRefusalAndRejection() throws {
    let documented = try documented()
    #expect(Set(PeerRefusalCode.allCases.map(\.rawValue)).subtracting(documented).sorted() == [])
    #expect(Set(IndicatorRejection.Code.allCases.map(\.rawValue)).subtracting(documented).sorted() == [])
    #expect(Set(CSVProblem.Code.allCases.map(\.rawValue)).subtracting(documented).sorted() == [])
    #expect(Set(NeverListReader.Rule.allCases.map(\.rawValue)).subtracting(documented).sorted() == [])
    #expect(Set(DocumentProblem.Code.allCases.map(\.rawValue)).subtracting(documented).sorted() == [])
    #expect(Set(DocumentRefusal.Code.allCases.map(\.rawValue)).subtracting(documented).sorted() == [])
    #expect(Set(ColumnMapProblem.Code.allCases.map(\.rawValue)).subtracting(documented).sorted() == [])
  }
}
