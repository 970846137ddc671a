public import Foundation

/// One run of the real binary: what it was given, and what came of it.
public struct CommandRun: Sendable {
  public let status: Int32
  public let output: String
  public let errors: String

  /// The binary that the test build made, beside the test bundle.
  public static var binary: URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<4 where !FileManager.default.isExecutableFile(atPath: folder.appending(path: "vaka").path) {
      folder = folder.deletingLastPathComponent()
    }
    return folder.appending(path: "vaka")
  }

  /// Runs a command of the real binary to its end.
  public static func vaka(_ arguments: [String], input: String = "") throws -> CommandRun {
    try run(binary, arguments, input: input)
  }

  /// Runs any command to its end.
  /// - Parameter environment: what is added to that of the test.
  public static func run(
    _ executable: URL, _ arguments: [String], input: String = "", environment: [String: String]? = nil
  ) throws -> CommandRun {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    if let environment {
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    }
    let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (standardInput, output, errors)
    // A command may end before it has read its input; that must not be the end of the tests too.
    _ = signal(SIGPIPE, SIG_IGN)
    try process.run()
    try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return CommandRun(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaints, as: UTF8.self))
  }
}
