public import Foundation
import Synchronization

/// Coalitions in a temporary folder, three as a rule, whose alliance is founded by the real commands, each with its own keys,
/// authority and store.
public final class TestAlliance: @unchecked Sendable {
  public static let coalitions = ["se", "no", "us"]

  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let folder: URL
  /// Founders and newcomers.
  public let all: [String]
  /// The alliance's, as people read it out.
  public let fingerprint: String
  private var processes: [String: Process] = [:]
  /// Where each node answers for its health, on loopback.
  public let healthPorts: [String: Int]
  /// The binary of a coalition that runs another version than the test build's.
  public var binaries: [String: URL] = [:]
  /// What a coalition's node is started with besides.
  public var environments: [String: [String: String]] = [:]

  /// Runs the whole founding: init, card, found, join by each, and once more where the file was not complete.
  /// - Parameters:
  ///   - founders: the first of them makes the file.
  ///   - newcomers: coalitions with a folder and a card that found nothing.
  ///   - callers: coalitions whose nodes nobody can dial.
  public init(
    founders: [String] = TestAlliance.coalitions, newcomers: [String] = [], callers: Set<String> = []
  ) throws {
    all = founders + newcomers
    let folder = FileManager.default.temporaryDirectory.appending(path: "vaka-\(UInt32.random(in: .min ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("a long test passphrase\n".utf8).write(to: folder.appending(path: "passphrase"))
    let ports = try Self.freePorts(all.count * 2)
    let healthPorts = Dictionary(uniqueKeysWithValues: zip(all, ports.suffix(all.count)))
    self.healthPorts = healthPorts
    func path(_ name: String) -> String { folder.appending(path: name).path }
    for (coalition, port) in zip(all, ports) {
      let place =
        callers.contains(coalition)
        ? ["--no-endpoint", "--listen-port", "\(port)"] : ["--endpoint", "127.0.0.1:\(port)"]
      try Self.good(
        ["init", coalition, "--name", "Demo \(coalition)"] + place + [
          "--listen-host", "127.0.0.1", "--health-listen", "127.0.0.1:\(healthPorts[coalition] ?? 0)",
          "--passphrase-file", path("passphrase"), "--home", path(coalition),
        ])
      let card = try Self.good(["alliance", "card", "--home", path(coalition)])
      try Data(card.output.utf8).write(to: folder.appending(path: "\(coalition).card"))
    }
    let first = founders.first ?? "se"
    let file = try Self.good(
      ["alliance", "found", "Test alliance"] + founders.map { path("\($0).card") } + [
        "--purpose", "exercise", "--home", path(first), "--passphrase-file", path("passphrase"),
      ])
    try Data(file.output.utf8).write(to: folder.appending(path: "alliance"))
    let shown = try JSONSerialization.jsonObject(
      with: Data(Self.good(["alliance", "show", "--json", "--home", path(first)]).output.utf8))
    guard let fingerprint = (shown as? [String: Any])?["fingerprint"] as? String else {
      throw Failure(description: "no fingerprint")
    }
    self.fingerprint = fingerprint
    self.folder = folder
    for coalition in founders.dropFirst() + founders.dropLast() {
      try Self.good([
        "alliance", "join", path("alliance"), "--yes", "--expect", fingerprint, "--passphrase-file", path("passphrase"),
        "--home", path(coalition),
      ])
    }
  }

  deinit {
    for process in processes.values { Foundation.kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  public func path(_ name: String) -> String { folder.appending(path: name).path }

  public func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  /// Starts the node of a coalition.
  public func start(_ coalition: String, _ options: [String] = []) throws {
    guard processes[coalition] == nil else { throw Failure(description: "\(coalition)'s node was started before") }
    let process = Process()
    process.executableURL = binaries[coalition] ?? CommandRun.binary
    process.arguments = ["serve", "--home", path(coalition)] + options
    if let environment = environments[coalition] {
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    }
    let log = path("\(coalition).log")
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.standardError = FileHandle(forWritingAtPath: log)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    processes[coalition] = process
  }

  /// Ends a node as a power cut would.
  public func kill(_ coalition: String) {
    guard let process = processes.removeValue(forKey: coalition) else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Ends a node as an operator would; returns its exit status.
  public func stop(_ coalition: String) -> Int32? {
    guard let process = processes.removeValue(forKey: coalition) else { return nil }
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Runs a command at a coalition's home.
  public func run(_ coalition: String, _ arguments: [String], input: String = "") throws -> CommandRun {
    try CommandRun.run(
      binaries[coalition] ?? CommandRun.binary, arguments + ["--home", path(coalition)], input: input,
      environment: environments[coalition])
  }

  /// The same, and it must end with 0.
  @discardableResult
  public func good(_ arguments: [String], input: String = "") throws -> CommandRun {
    try Self.good(arguments, input: input)
  }

  @discardableResult
  private static func good(_ arguments: [String], input: String = "") throws -> CommandRun {
    let run = try CommandRun.vaka(arguments, input: input)
    guard run.status == 0 else {
      throw Failure(description: "vaka \(arguments.joined(separator: " ")) ended with \(run.status): \(run.errors)")
    }
    return run
  }

  /// A coalition's status, decoded.
  public func status(_ coalition: String) throws -> [String: Any] {
    let run = try run(coalition, ["status", "--json"])
    guard !run.output.isEmpty else { throw Failure(description: "no status of \(coalition): \(run.errors)") }
    return try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any] ?? [:]
  }

  /// The live digests that a coalition's node holds, by coalition.
  public func liveDigests(_ coalition: String) throws -> [String: String] {
    let positions = try status(coalition)["positions"] as? [[String: Any]] ?? []
    return positions.reduce(into: [:]) { digests, position in
      if let of = position["coalition"] as? String { digests[of] = position["live-digest"] as? String }
    }
  }

  /// `vaka key rotate`, as soon as peers have told which records of the coalition they hold.
  public func rotate(_ coalition: String, _ options: [String] = []) throws -> CommandRun {
    let command = ["key", "rotate", "--yes", "--passphrase-file", path("passphrase")] + options
    var rotated = try run(coalition, command)
    try wait(60, for: "peers that \(coalition) hears") {
      guard rotated.errors.contains("[peers-unheard]") else { return true }
      rotated = try run(coalition, command)
      return false
    }
    return rotated
  }

  /// Waits until a node signs; where its peers cannot all be heard, by the word of an operator that it is no copy.
  public func signNow(_ coalition: String) throws {
    try wait(for: "\(coalition) to sign") {
      switch (try status(coalition)["signing"] as? [String: Any])?["state"] as? String {
      case "ready": return true
      case "waiting": return try run(coalition, ["key", "sign-now"], input: "this is no copy\n").status == 0
      default: return false
      }
    }
  }

  /// Asks again and again until the condition holds.
  public func wait(_ seconds: TimeInterval = 30, for what: String, until condition: () throws -> Bool) throws {
    let deadline = Date() + seconds
    var pause: useconds_t = 10_000
    while Date() < deadline {
      if try condition() { return }
      // Every look is a process or two, and other tests wait beside this one.
      usleep(pause)
      pause = min(pause * 2, 160_000)
    }
    let logs = all.map { (try? String(contentsOfFile: path("\($0).log"), encoding: .utf8)) ?? "" }
    throw Failure(description: "waited \(seconds) s for \(what)\n" + logs.joined(separator: "\n"))
  }

  /// Ports on loopback that nobody listens on at this moment, and that no other test of this process was given: a node that
  /// is started late, or never, does not find another test's at its port.
  public static func freePorts(_ count: Int) throws -> [Int] {
    try given.withLock { try freePorts(count, besides: &$0) }
  }

  private static let given = Mutex<Set<Int>>([])

  private static func freePorts(_ count: Int, besides given: inout Set<Int>) throws -> [Int] {
    var sockets: [Int32] = []
    defer { for descriptor in sockets { close(descriptor) } }
    // Below the ports that the system gives out by itself, so that nobody takes one before its node does.
    var drawn = (20_000..<30_000).shuffled().makeIterator()
    var ports: [Int] = []
    while ports.count < count, let port = drawn.next() {
      guard !given.contains(port) else { continue }
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      sockets.append(descriptor)
      // As the node itself does: connections that ended a moment ago are no hindrance.
      var reuses: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuses, socklen_t(MemoryLayout<Int32>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      let isFree = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      if isFree { ports.append(port) }
    }
    guard ports.count == count else { throw Failure(description: "no free port") }
    given.formUnion(ports)
    return ports
  }
}
