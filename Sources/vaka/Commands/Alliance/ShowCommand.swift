import ArgumentParser
import Operations
import Wire

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the alliance: its members, how it decides, its hash keys.")
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func run() throws {
    let alliance = try ShowAlliance(home.open(), now: currentMilliseconds())
    if output.json { return try Terminal.json(alliance) }
    let expires = alliance.expires.map { " · until \($0)" } ?? ""
    Terminal.say("\(alliance.alliance) · \(alliance.purpose) · roster \(alliance.roster)\(expires)")
    Terminal.say("fingerprint \(alliance.fingerprint)\(alliance.installed ? "" : " · not complete yet")")
    guard alliance.installed else { return founding(alliance) }
    let lost = alliance.mayBeLost == 0 ? "none may be lost" : "\(alliance.mayBeLost) may be lost"
    Terminal.say("\(alliance.quorum) of \(alliance.members.count) members decide, so \(lost)")
    let rows = alliance.members.map { member in
      [member.coalition.rawValue, member.name, member.identity, places(member), "\(member.record)"]
    }
    Terminal.say("")
    Terminal.say(Terminal.table([["ID", "NAME", "IDENTITY", "ENDPOINTS", "RECORD"]] + rows))
    Terminal.say("")
    for former in alliance.retired {
      let back = former.isMember ? "came back" : "removed"
      Terminal.say("\(former.coalition) \(back); its epochs up to \(former.lastEpoch) do not count")
    }
    for key in alliance.hashKeys {
      let day = key.closes.map { key.state == "closed" ? " since \($0)" : ", until \($0)" } ?? ""
      Terminal.say("hash key \(key.epoch) \(key.state)\(day)\(key.here ? "" : " · not here yet")")
    }
    if let number = alliance.proposed { Terminal.say("roster \(number) is being decided: vaka alliance proposals") }
  }

  private func founding(_ alliance: ShowAlliance) {
    let rows = alliance.members.map { member in
      [
        member.coalition.rawValue, member.name, member.identity, places(member),
        member.signed == true ? "signed" : "not signed yet",
      ]
    }
    Terminal.say(Terminal.table([["ID", "NAME", "IDENTITY", "ENDPOINTS", "ROSTER 1"]] + rows))
  }

  private func places(_ member: ShowAlliance.Member) -> String {
    member.endpoints.isEmpty ? "it calls" : member.endpoints.joined(separator: ", ")
  }
}
