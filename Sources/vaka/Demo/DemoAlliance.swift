import Alliance
import Foundation
import Operations
import Store
import Wire

/// Three nodes of the real binary in a temporary folder.
final class DemoAlliance {
  static let coalitions = ["se", "no", "us"]
  private static let names = ["se": "Demo Sweden", "no": "Demo Norway", "us": "Demo United States"]

  let folder: String
  /// The addresses of the list, one for each distinct indicator, in the list's order.
  let addresses: [String]
  private var processes: [String: Process] = [:]

  init(list: String) throws {
    addresses = try DemoList.distinctAddresses(list)
    folder = NSTemporaryDirectory() + "vaka-demo-\(UInt32.random(in: .min ... .max))"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data("only for the demo\n".utf8).write(to: URL(fileURLWithPath: path("passphrase")))
  }

  func path(_ name: String) -> String { folder + "/" + name }
  func home(_ coalition: String) -> String { path(coalition) }
  func open(_ coalition: String) throws -> NodeHome { try NodeHome(NodeFolder(home(coalition))) }

  /// The whole founding, by the real commands.
  func found() throws -> String {
    for (coalition, port) in zip(Self.coalitions, try LoopbackPorts.free(Self.coalitions.count)) {
      try vaka([
        "init", coalition, "--name", Self.names[coalition] ?? coalition, "--endpoint", "127.0.0.1:\(port)",
        "--listen-host", "127.0.0.1", "--health-listen", "off", "--passphrase-file", path("passphrase"), "--home",
        home(coalition),
      ])
      let card = try vaka(["alliance", "card", "--home", home(coalition)])
      try Data(card.utf8).write(to: URL(fileURLWithPath: path("\(coalition).card")))
    }
    let file = try vaka(
      ["alliance", "found", "Demo alliance (sample data)"] + Self.coalitions.map { path("\($0).card") } + [
        "--purpose", "demo", "--home", home("se"), "--passphrase-file", path("passphrase"),
      ])
    try Data(file.utf8).write(to: URL(fileURLWithPath: path("alliance")))
    let fingerprint = try ShowAlliance(open("se"), now: currentMilliseconds()).fingerprint
    for coalition in ["no", "us", "se", "no"] {
      try vaka([
        "alliance", "join", path("alliance"), "--yes", "--expect", fingerprint, "--passphrase-file", path("passphrase"),
        "--home", home(coalition),
      ])
    }
    return fingerprint
  }

  func start(_ coalition: String) throws {
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = ["serve", "--home", home(coalition)]
    let log = path("\(coalition).log")
    if !FileManager.default.fileExists(atPath: log) { _ = FileManager.default.createFile(atPath: log, contents: nil) }
    let handle = FileHandle(forWritingAtPath: log)
    _ = try? handle?.seekToEnd()
    // Not the terminal's: a node that is kept running would hold open the pipe that this is told into.
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    processes[coalition] = process
  }

  func kill(_ coalition: String) {
    guard let process = processes.removeValue(forKey: coalition) else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Stops everything and cleans up.
  func end() {
    for coalition in Self.coalitions { kill(coalition) }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Runs a command; its output if it ended with one of the codes.
  @discardableResult
  func vaka(_ arguments: [String], input: String = "", ending codes: Set<Int32> = [0]) throws -> String {
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments
    let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (standardInput, output, errors)
    try process.run()
    standardInput.fileHandleForWriting.write(Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard codes.contains(process.terminationStatus) else {
      throw Problem(
        "demo-failed", "ended with \(process.terminationStatus): \(String(decoding: complaint, as: UTF8.self))",
        object: "vaka \(arguments.prefix(2).joined(separator: " "))")
    }
    return String(decoding: text, as: UTF8.self)
  }

  func status(_ coalition: String) throws -> NodeStatus {
    try StatusReport(open(coalition), version: softwareVersion).ask(now: currentMilliseconds())
  }

  /// The live digest that a node holds of another's position.
  func digest(of coalition: String, at node: String) throws -> String? {
    try status(node).positions.first { $0.coalition.rawValue == coalition }?.liveDigest
  }

  private static var binary: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }
}
