import Formats
import Foundation
import Operations
import Wire

/// The hits of a screening, written as they are found and given their name when all are there.
final class HitsFile {
  private static let pieceBytes = 64 << 10
  private static let header = [
    "row", "column", "type", "verdict", "corroborated by", "action ceiling", "reasons", "reference",
  ]

  private let path: String
  private let file: FileHandle
  private var waiting = CSVWriter().bytes(header)

  private var unfinished: String { path + ".unfinished" }

  /// - Throws: `Problem` `file-not-written`, before anything is screened.
  init(_ path: String) throws {
    self.path = path
    let unfinished = path + ".unfinished"
    let isMade = FileManager.default.createFile(
      atPath: unfinished, contents: nil, attributes: [.posixPermissions: 0o600])
    guard isMade, let file = FileHandle(forWritingAtPath: unfinished) else { throw Self.failure(path) }
    self.file = file
  }

  func append(_ hit: Screen.Hit) throws {
    waiting += CSVWriter().bytes([
      String(hit.row), hit.column, hit.type, hit.verdict, hit.corroboratedBy.map(\.rawValue).joined(separator: " "),
      hit.ceiling, hit.reasons.joined(separator: " "), hit.reference,
    ])
    if waiting.count >= Self.pieceBytes { try write() }
  }

  func finish() throws {
    try write()
    do {
      try file.synchronize()
      try file.close()
    } catch {
      throw Self.failure(path)
    }
    guard rename(unfinished, path) == 0 else { throw Self.failure(path) }
  }

  private func write() throws {
    do {
      try file.write(contentsOf: Data(waiting))
    } catch {
      throw Self.failure(path)
    }
    waiting = []
  }

  private static func failure(_ path: String) -> Problem {
    Problem(
      "file-not-written", "the hits cannot be written", object: path,
      next: "check the folder, its permissions and the free space")
  }
}
