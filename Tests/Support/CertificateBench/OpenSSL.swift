import Foundation

/// The `openssl` command, an independent judge of our certificates and handshakes.
public enum OpenSSL {
  public struct Outcome: Sendable {
    public let status: Int32
    public let output: String
  }

  /// Runs the command to its end; output and errors come back as one text.
  public static func run(
    command: String = "openssl", _ arguments: [String], input: String = ""
  ) async throws -> Outcome {
    try await Running(command: command, arguments, input: input).end()
  }

  /// A command under way. Its input and output are files, because a pipe's end would be inherited by whatever another
  /// test starts in the same moment, and then never close.
  public final class Running: Sendable {
    private let process = Process()
    private let folder: URL
    private let ended: AsyncStream<Void>

    public init(command: String = "openssl", _ arguments: [String], input: String = "") throws {
      folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("vaka-openssl-\(UInt64.random(in: .min ... .max))")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(input.utf8).write(to: folder.appendingPathComponent("input"))
      let output = folder.appendingPathComponent("output")
      try Data().write(to: output)
      let writing = try FileHandle(forWritingTo: output)
      let (ended, end) = AsyncStream.makeStream(of: Void.self)
      self.ended = ended
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [command] + arguments
      process.standardInput = try FileHandle(forReadingFrom: folder.appendingPathComponent("input"))
      process.standardOutput = writing
      process.standardError = writing
      process.terminationHandler = { _ in end.finish() }
      try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    public var output: String {
      let data = try? Data(contentsOf: folder.appendingPathComponent("output"))
      return String(decoding: data ?? Data(), as: UTF8.self)
    }

    public func end() async throws -> Outcome {
      let ended = ended
      try await within { for await _ in ended {} }
      return Outcome(status: process.terminationStatus, output: output)
    }

    public func stop() { process.terminate() }
  }
}
