import Alliance
import ArgumentParser
import Foundation
import Operations
import Wire

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Are we in agreement with everyone, and if not, why not?",
    discussion: "Exit code 0: all agree; 1: attention; 2: broken.")
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func run() throws {
    let status = try StatusReport(home.open(), version: softwareVersion).ask(now: currentMilliseconds())
    if output.json { try Terminal.json(status) } else { StatusScreen(status).show() }
    if status.peers.contains(where: { $0.agrees == .no }) || status.signing.state == "stopped" {
      throw ExitCode(2)
    }
    let holding = status.holding
    let isMissingKey = status.hashKeys.contains { $0.here == false }
    if status.unseenLateMatches > 0 || !status.node.doubledBy.isEmpty || holding.unconfirmedPast ?? 0 > 0
      || holding.withoutPlaintext ?? 0 > 0 || isMissingKey || !status.node.running
      || status.node.certificateDays ?? .max < CertificateWarning.urgentDays
      || status.peers.contains(where: { $0.agrees != .yes })
      || status.signing.state != "ready" || !status.heldRecords.isEmpty
    {
      throw ExitCode(1)
    }
  }
}

/// One screen, worst first.
struct StatusScreen {
  private let status: NodeStatus

  init(_ status: NodeStatus) { self.status = status }

  func show() {
    let (alliance, node, holding) = (status.alliance, status.node, status.holding)
    Terminal.say("alliance   \(alliance.name) · \(alliance.coalitions) coalitions · roster \(alliance.roster)")
    let running =
      node.running ? "up \(Moment.span(seconds: node.upSeconds))" : "no node is running; this is the store"
    Terminal.say("node       \(node.coalition)  \(node.name) · \(running) · \(node.version)")
    let asOf = holding.asOfSeconds.map { "as of \(Moment.span(seconds: $0)) ago" } ?? "no peer heard yet"
    let aside = holding.quarantined == 0 ? "" : " · \(Terminal.count(holding.quarantined)) set aside"
    Terminal.say(
      "holding    \(Terminal.count(holding.statements, "statement")) on "
        + "\(Terminal.count(holding.indicators, "indicator"))\(aside) · \(asOf)")
    if let past = holding.unconfirmedPast, past > 0 {
      Terminal.say(
        "clock      \(Terminal.count(past, "listing")) of ours past their last day by this clock alone: "
          + "compare it with another")
    }
    for line in keyLines { Terminal.say(line) }
    Terminal.say("our head   \(ownHead)")
    if !node.doubledBy.isEmpty {
      Terminal.say(
        "instances  a second node runs with our keys, say \(node.doubledBy.map(\.rawValue).joined(separator: ", ")): "
          + "stop one of the two before both sign")
    }
    for copy in status.copies.prefix(4) { Terminal.say("copying    \(copy.coalition)  \(Self.progress(copy))") }
    if status.copies.count > 4 { Terminal.say("copying    \(status.copies.count - 4) more") }
    for aging in status.aging.prefix(3) { Terminal.say("note       \(Self.words(aging))") }
    if let deciding = status.deciding {
      Terminal.say(
        "note       roster \(deciding.roster) is being decided\(deciding.awaitsUs ? ", and waits for us" : ""): "
          + "vaka alliance proposals")
    }
    for held in status.heldRecords.prefix(4) {
      Terminal.say("records    \(held.problem.object ?? "\(held.coalition)"): \(held.problem.what)")
    }
    if let problem = status.signing.problem { Terminal.say("signing    stopped: \(problem.what)") }
    if node.identityKeyHere { Terminal.say("note       the identity key still lies on this machine: move it offline") }
    if let warning = node.certificateWarning { Terminal.say("note       \(warning)") }
    if status.unseenLateMatches > 0 {
      Terminal.say(
        "matches    \(Terminal.count(status.unseenLateMatches, "value")) screened before "
          + "\(status.unseenLateMatches == 1 ? "is" : "are") listed now: vaka match list --new")
    }
    Terminal.say("")
    Terminal.say(Terminal.table([Self.header] + status.peers.map(row)))
    for refusal in status.refusals.prefix(3) {
      Terminal.say("refused    \(refusal.remote) at \(refusal.at): \(refusal.code), \(refusal.reason)")
    }
    if let next = status.next { Terminal.say("next: \(next)") }
  }

  /// Only while there is more than one key to speak of: what is missing, and who still has listings under an older one.
  private var keyLines: [String] {
    var lines: [String] = []
    if let warning = OpenHashKeys.warning(missing: status.hashKeys.filter { $0.here == false }.map(\.keyEpoch)) {
      lines.append("hash keys  \(warning)")
    }
    let used = status.positions.flatMap(\.listingsByKey)
    for key in status.hashKeys.dropLast() where key.open || used.contains(where: { $0.keyEpoch == key.keyEpoch }) {
      let left = status.positions.compactMap { position -> String? in
        let count = position.listingsByKey.first { $0.keyEpoch == key.keyEpoch }?.listings ?? 0
        return count == 0 ? nil : "\(position.coalition) \(Terminal.count(count))"
      }
      let closes = key.closes.map { key.open ? " closes on \($0)" : " closed on \($0)" } ?? " is open"
      lines.append(
        "hash key \(key.keyEpoch)\(closes) · "
          + (left.isEmpty ? "nobody has listings under it" : "listings under it yet: \(left.joined(separator: ", "))"))
    }
    if let count = status.holding.withoutPlaintext, count > 0 {
      lines.append(
        "vault      \(Terminal.count(count, "listing")) of ours cannot move to the newest hash key: not in the vault; list "
          + "them again from their source (vaka indicator list --old-key)")
    }
    return lines
  }

  static func words(_ aging: NodeStatus.Aging) -> String {
    let whose = aging.coalition.map { "the record of \($0)" } ?? "the roster"
    let next = aging.coalition == nil ? "; renew it: vaka alliance propose --expires DAY" : ""
    return switch aging.age {
    case .past: "\(whose) was good until \(aging.lastDay), and nothing ends by that\(next)"
    case .half, .threeQuarters: "\(whose) is good until \(aging.lastDay)\(next)"
    case .nineTenths: "SOON: \(whose) is good until \(aging.lastDay)\(next)"
    }
  }

  /// "41 210 of 980 000 statements · 12 000 a second · 78 s left".
  static func progress(_ copy: CopyStatus) -> String {
    let of = copy.of.map { " of \(Terminal.count(Int(clamping: $0)))" } ?? ""
    var text = "\(Terminal.count(Int(clamping: copy.statements)))\(of) statements"
    if copy.phase != "pages" { text += " · being compared with its signed head" }
    if let rate = copy.perSecond { text += " · \(Terminal.count(Int(clamping: rate))) a second" }
    if let left = copy.secondsLeft, left > 0 { text += " · \(Moment.span(seconds: left)) left" }
    return text
  }

  private var ownHead: String {
    let signing = status.signing
    let head =
      if let epoch = signing.epoch, let index = signing.index {
        "\(epoch)/\(index) · held by \(signing.heldBy) of \(signing.of)"
      } else {
        "none yet"
      }
    let queued =
      signing.queued == 0 ? "nothing waiting to be signed" : Terminal.changes(signing.queued)
    guard signing.state == "waiting" else { return "\(head) · \(queued)" }
    let waive = signing.mayWaive ? ". If this is not a restored copy: vaka key sign-now" : ""
    return
      "\(head) · waiting for \(signing.waitingFor) of \(signing.needed) peers before signing; \(Terminal.changes(signing.queued))\(waive)"
  }

  private static let header = ["PEER", "LINK", "AGREES", "LAST HEARD", "WE LACK", "THEY LACK", "RTT", "CERT", "NOTE"]

  private func row(_ peer: NodeStatus.Peer) -> [String] {
    [
      peer.coalition.rawValue, peer.link, peer.agrees.rawValue.replacing("-", with: " "),
      peer.lastHeardSeconds.map { Moment.span(seconds: $0) } ?? "-",
      peer.weLack.map(Terminal.count) ?? "?", peer.theyLack.map(Terminal.count) ?? "?",
      peer.roundTripMilliseconds.map { String(format: "%.1f ms", $0) } ?? "-",
      peer.certificateDays.map { $0 < 0 ? "ended" : "\($0) d" } ?? "-", peer.note ?? "",
    ]
  }
}
