import Foundation
import FuzzTargets
import RepositoryFiles
import Testing

/// What fuzzing has kept, crashes that were mended among it, read again by the same entry points.
@Suite struct CorpusTests {
  private static func files(_ target: FuzzTarget) throws -> [URL] {
    let folder = RepositoryFiles.folder.appending(path: "Fuzz/Corpus/\(target.rawValue)")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
  }

  @Test(arguments: FuzzTarget.allCases) func readsEverythingInTheCorpus(_ target: FuzzTarget) throws {
    let files = try Self.files(target)
    #expect(!files.isEmpty, "\(target.rawValue) has seeds")
    for file in files {
      #expect(throws: Never.self, "\(target.rawValue)/\(file.lastPathComponent)") {
        try target.run(Array(Data(contentsOf: file)))
      }
    }
  }

  @Test(arguments: FuzzTarget.allCases) func readsNothingAndNonsense(_ target: FuzzTarget) throws {
    for bytes in [[], [0], [UInt8](repeating: 0xFF, count: 300), [UInt8](repeating: 0x7B, count: 5_000)] {
      #expect(throws: Never.self) { try target.run(bytes) }
    }
  }
}
