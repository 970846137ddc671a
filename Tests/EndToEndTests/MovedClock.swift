import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// The wall clock of a test alliance, nodes and commands alike, moved together: a library that is loaded before the others adds to it
/// what a file says. No other clock is touched.
struct MovedClock {
  private let alliance: TestAlliance

  init(_ alliance: TestAlliance) throws {
    self.alliance = alliance
    try alliance.write("0", to: "clock")
    let source = RepositoryFiles.folder.appending(path: "Tests/Soak/clock_skew.c").path
    let built = try CommandRun.run(
      URL(fileURLWithPath: Self.compiler()),
      ["-shared", "-fPIC", "-O1", "-o", alliance.path("clock.so"), source, "-ldl"])
    try #require(built.status == 0, "\(built.errors)")
    for coalition in alliance.all {
      alliance.environments[coalition] = [
        "LD_PRELOAD": alliance.path("clock.so"), "SKEW_FILE": alliance.path("clock"),
      ]
    }
  }

  /// Days since the true time.
  func move(to days: Int) throws { try alliance.write("\(days * 86_400)", to: "clock") }

  /// As the moved clock has it, such as 2036-11-27.
  static func day(_ days: Int) -> String {
    Date(timeIntervalSinceNow: Double(days) * 86_400).formatted(.iso8601.year().month().day())
  }

  /// The system's, or the one that stands beside the Swift that builds this.
  private static func compiler() throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let found = ["cc", "gcc", "clang"].lazy.flatMap { name in path.split(separator: ":").map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    return try #require(found, "the moved clock needs a C compiler: cc, gcc or clang")
  }
}
