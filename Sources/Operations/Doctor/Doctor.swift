public import Alliance
public import Foundation
internal import Keys
public import Store
public import Wire

/// `vaka doctor`: looks at everything that a node stands on, changes nothing, and says of each what to do next.
///
/// - `Doctor+Machine.swift`: clock, permissions, disk
/// - `Doctor+Node.swift`: stores, sign mark, keys, certificate
/// - `Doctor+Guards.swift`: never-lists
public struct Doctor: Sendable {
  /// What only somebody with sockets can find out.
  public struct Network: Sendable {
    /// Whether the node's own port takes connections, or could; and a word for it.
    public var port: @Sendable () async -> Finding
    /// Whether an endpoint takes a connection: the milliseconds it took, or why not.
    public var reach: @Sendable (Endpoint) async -> Result<Double, Problem>
    /// Why our own roster would refuse our own certificate; nil if it would not.
    public var ownCertificate: @Sendable (Membership) async -> PeerRefusal?

    public init(
      port: @escaping @Sendable () async -> Finding,
      reach: @escaping @Sendable (Endpoint) async -> Result<Double, Problem>,
      ownCertificate: @escaping @Sendable (Membership) async -> PeerRefusal?
    ) {
      self.port = port
      self.reach = reach
      self.ownCertificate = ownCertificate
    }
  }

  public struct Answer: Sendable, Codable {
    public let findings: [Finding]

    /// The worst of all.
    public var state: Finding.State { findings.map(\.state).max() ?? .good }
  }

  let folder: NodeFolder
  let now: Date
  private let network: Network

  public init(_ folder: NodeFolder, now: Date, network: Network) {
    self.folder = folder
    self.now = now
    self.network = network
  }

  public func run() async -> Answer {
    var findings = [permissions(), disk()]
    let home: NodeHome
    do {
      home = try NodeHome(folder)
      findings.append(contentsOf: try alliance(home))
    } catch {
      findings.append(.broken("alliance", error))
      return Answer(findings: findings + [clock(nil)])
    }
    findings.append(clock(home))
    findings.append(contentsOf: stores(home))
    findings.append(contentsOf: keys(home))
    findings.append(audit(home))
    findings.append(guards())
    guard let membership = home.membership else { return Answer(findings: findings) }
    findings.append(await certificate(home, membership))
    findings.append(await network.port())
    findings.append(contentsOf: await peers(home, membership))
    return Answer(findings: findings)
  }

  private func alliance(_ home: NodeHome) throws -> [Finding] {
    guard let membership = home.membership else {
      let waits = DurableFile.exists(folder.founding)
      return [
        Finding(
          "alliance", .attention, waits ? "signed here, not complete yet" : "this node is in no alliance yet",
          next: waits ? "vaka alliance show" : "vaka alliance found, or vaka alliance join FILE")
      ]
    }
    let roster = membership.roster
    var findings = [
      Finding.good(
        "alliance",
        "\(roster.name) · \(roster.members.count) coalitions · roster \(roster.number) · \(Fingerprint(membership.alliance))"
      )
    ]
    for (coalition, last, age) in ((try? home.currentMembership()) ?? membership).aging(
      on: Day.of(milliseconds: Moment.milliseconds(now)))
    where age >= .threeQuarters {
      findings.append(
        Finding(
          coalition.map { "record of \($0)" } ?? "roster", .attention,
          age == .past
            ? "its last day was \(Day.text(last)); nothing ends by that" : "its last day is \(Day.text(last))",
          next: coalition == nil
            ? "vaka alliance propose --expires DAY"
            : "its coalition publishes another: vaka alliance record change --expires DAY"))
    }
    if membership.record(of: home.coalition) == nil {
      findings.append(Finding("alliance", .broken, "\(home.coalition) is not in the roster"))
    }
    return findings
  }

  private func certificate(_ home: NodeHome, _ founding: Membership) async -> Finding {
    let name = "certificate"
    // Peers judge by the newest records, and those lie in the store.
    let membership = (try? home.currentMembership()) ?? founding
    do {
      let leaf = try LeafCertificate.load(from: folder.certificates + "/node.pem")
      let authority = try? CertificateAuthority.load(from: folder.certificates + "/authority.pem")
      let days = CertificateWarning.days(until: leaf.notAfter, now: now)
      let renewsItself = authority?.hasIssued(leaf) == true
      let warning = CertificateWarning.text(
        for: home, in: membership, days: days, mustBeBrought: !renewsItself, now: now)
      let ceremonies = "vaka cert show; the ceremonies are in Docs/operations.md"
      if let refusal = await network.ownCertificate(membership) {
        return Finding(
          name, .broken,
          "peers refuse it: \(refusal.reason) (\(refusal.code.rawValue))\(warning.map { "; \($0)" } ?? "")",
          next: renewsItself && warning == nil ? "vaka cert renew" : ceremonies)
      }
      if let warning { return Finding(name, .attention, warning, next: ceremonies) }
      return .good(name, "good for \(days) days\(renewsItself ? ", renewed by the node itself" : "")")
    } catch {
      return .broken(name, error)
    }
  }

  /// One line for each peer: the best of its endpoints.
  private func peers(_ home: NodeHome, _ membership: Membership) async -> [Finding] {
    let others = membership.roster.coalitions.filter { $0 != home.coalition }
    let status = try? StatusReport(home, version: "").ask(now: Moment.milliseconds(now))
    let findings = await withTaskGroup(of: (CoalitionID, Finding).self) { group in
      for coalition in others {
        let endpoints = membership.record(of: coalition)?.endpoints.compactMap { Endpoint($0) } ?? []
        group.addTask { (coalition, await peer(coalition, endpoints)) }
      }
      return await group.reduce(into: [CoalitionID: Finding]()) { $0[$1.0] = $1.1 }
    }
    return others.compactMap { coalition in
      let link = status?.peers.first { $0.coalition == coalition && $0.link == "down" }
      // The port may be good, and the link is refused.
      guard let finding = findings[coalition], finding.state == .good, let link else { return findings[coalition] }
      return Finding(
        finding.check, .attention, "\(finding.what); its link is down\(link.note.map { ": \($0)" } ?? "")",
        next: "vaka peer probe \(coalition)")
    }
  }

  private func peer(_ coalition: CoalitionID, _ endpoints: [Endpoint]) async -> Finding {
    if endpoints.isEmpty { return .good("peer \(coalition)", "it cannot be dialled, and calls us") }
    var failures: [String] = []
    for endpoint in endpoints {
      switch await network.reach(endpoint) {
      case .success(let milliseconds):
        let time = String(format: "%.1f", milliseconds)
        return .good("peer \(coalition)", "\(endpoint) takes connections, \(time) ms")
      case .failure(let problem): failures.append("\(endpoint): \(problem.what)")
      }
    }
    return Finding(
      "peer \(coalition)", .attention, failures.isEmpty ? "no endpoint is known" : failures.joined(separator: "; "),
      next: "check the name, the port and the firewalls between; then vaka peer probe \(coalition)")
  }
}
