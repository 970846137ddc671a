import Alliance
import ArgumentParser
import Control
import Foundation
import Keys
internal import Links
import Operations
import Store
import Wire

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look at everything that the node stands on, and say what to do next.",
    discussion: """
      Clock, permissions, disk, stores, keys, certificate, roster, port, and the peers' names and ports. Changes nothing.
      Exit code 0: all good; 1: attention; 2: broken.
      """)
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func run() async throws {
    let folder = home.folder
    guard DurableFile.exists(folder.path) else {
      throw Problem(
        "home-empty", "there is no node in this folder", object: folder.path,
        next: "make one with vaka init, or name another folder with --home or VAKA_HOME")
    }
    let answer = await Doctor(folder, now: Date(), network: network(folder)).run()
    if output.json {
      try Terminal.json(answer)
    } else {
      let rows = answer.findings.map { [$0.state == .good ? "ok" : $0.state.rawValue, $0.check, $0.what] }
      let lines = Terminal.table(rows).split(separator: "\n", omittingEmptySubsequences: false)
      for (line, finding) in zip(lines, answer.findings) {
        Terminal.say(String(line))
        if let next = finding.next, finding.state != .good { Terminal.say("           next: \(next)") }
      }
    }
    switch answer.state {
    case .good: break
    case .attention: throw ExitCode(1)
    case .broken: throw ExitCode(2)
    }
  }

  private func network(_ folder: NodeFolder) -> Doctor.Network {
    Doctor.Network(
      port: { await port(folder) }, reach: { await Reachability.probe($0) },
      ownCertificate: { membership in
        guard let leaf = try? LeafCertificate.load(from: folder.certificates + "/node.pem"),
          let home = try? NodeHome(folder)
        else { return nil }
        let trust = PeerTrust(
          members: membership.roster.coalitions.compactMap { membership.record(of: $0).map { MemberAuthority($0) } })
        return await checkOwnCertificate(
          identity: LinkIdentity(chain: leaf.chain, privateKeyPEM: leaf.privateKeyPEM), trust: trust, now: Date(),
          coalition: home.coalition)
      })
  }

  /// A running node must take connections; without one, nobody else may sit on its port.
  private func port(_ folder: NodeFolder) async -> Finding {
    do {
      let settings = try await NodeSettings.read(folder, listenHost: nil, listenPort: nil)
      let host = ["0.0.0.0", "::"].contains(settings.listenHost) ? "127.0.0.1" : settings.listenHost
      let text = host.contains(":") ? "[\(host)]:\(settings.listenPort)" : "\(host):\(settings.listenPort)"
      guard let endpoint = Endpoint(text) else { return Finding("port", .broken, "\(text) is no address") }
      let isRunning = ControlClient(path: folder.controlSocket).isAnswering
      switch (isRunning, await Reachability.probe(endpoint)) {
      case (true, .success): return Finding("port", .good, "the node takes connections at \(endpoint)")
      case (true, .failure(let problem)):
        return Finding(
          "port", .broken, "a node runs, but not at \(endpoint): \(problem.what)",
          next: "see its log; was it started with --listen-port?")
      case (false, .success):
        return Finding(
          "port", .broken, "no node runs here, and another program takes connections at \(endpoint)",
          next: "end it, or choose another port in node.json and in the member record")
      case (false, .failure): return Finding("port", .attention, "no node is running here", next: "vaka serve")
      }
    } catch {
      let problem = error as? Problem
      return Finding("port", .broken, problem?.what ?? "\(error)", next: problem?.next)
    }
  }
}
