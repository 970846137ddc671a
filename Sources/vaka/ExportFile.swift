import Foundation
import Wire

/// Where an export goes: standard output, or a file that only its owner can read and that has its name once it is whole.
final class ExportFile {
  private static let pieceBytes = 256 << 10

  private let path: String?
  private let file: FileHandle
  private var waiting: [UInt8] = []

  private var unfinished: String? { path.map { $0 + ".unfinished" } }

  /// - Parameter path: nil for standard output.
  /// - Throws: `Problem` `file-not-written`, before anything is exported.
  init(_ path: String?) throws {
    self.path = path
    guard let path else {
      file = .standardOutput
      return
    }
    let isMade = FileManager.default.createFile(
      atPath: path + ".unfinished", contents: nil, attributes: [.posixPermissions: 0o600])
    guard isMade, let file = FileHandle(forWritingAtPath: path + ".unfinished") else { throw Self.failure(path) }
    self.file = file
  }

  func append(_ bytes: [UInt8]) throws {
    waiting += bytes
    if waiting.count >= Self.pieceBytes { try write() }
  }

  func finish() throws {
    try write()
    guard let path, let unfinished else { return }
    do {
      try file.synchronize()
      try file.close()
    } catch {
      throw Self.failure(path)
    }
    guard rename(unfinished, path) == 0 else { throw Self.failure(path) }
  }

  /// Takes away what is not whole.
  func abandon() {
    if let unfinished { unlink(unfinished) }
  }

  private func write() throws {
    do {
      try file.write(contentsOf: Data(waiting))
    } catch {
      throw Self.failure(path ?? "-")
    }
    waiting = []
  }

  private static func failure(_ path: String) -> Problem {
    Problem(
      "file-not-written", "the export cannot be written", object: path,
      next: "check the folder, its permissions and the free space")
  }
}
