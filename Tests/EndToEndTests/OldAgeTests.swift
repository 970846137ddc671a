import Foundation
import NodeBench
import Testing

/// An alliance that nobody tends: the clock of all goes on by years, under running nodes.
@Suite(.timeLimit(.minutes(20)))
struct OldAgeTests {
  private let members = ["se", "no", "us"]
  private let council: CouncilRun
  private let clock: MovedClock

  init() throws {
    council = try CouncilRun(founders: members, newcomers: [])
    clock = try MovedClock(council.alliance)
    try council.start(members)
    for coalition in members { try waitForLinks(coalition, toBe: "open") }
    try council.list("se", "SE4550000000058398257466")
    try council.waitForAgreement(members)
  }

  private func waitForLinks(_ coalition: String, toBe state: String, _ seconds: TimeInterval = 120) throws {
    try council.alliance.wait(seconds, for: "\(coalition)'s links to be \(state)") {
      let peers = try council.alliance.status(coalition)["peers"] as? [[String: Any]] ?? []
      return peers.count == 2 && peers.allSatisfy { ($0["link"] as? String == "open") == (state == "open") }
    }
  }

  private func status(_ coalition: String) throws -> CommandRun { try council.alliance.run(coalition, ["status"]) }

  private func good(_ coalition: String, _ arguments: [String]) throws {
    let run = try council.alliance.run(coalition, arguments)
    try #require(run.status == 0, "\(coalition): \(arguments.joined(separator: " ")): \(run.errors)")
  }

  /// Certificates end, and their authorities are good: nobody has to do anything.
  @Test func certificatesRenewThemselvesWhenTheClockComesForward() throws {
    try clock.move(to: 75)
    for coalition in members {
      try council.alliance.wait(120, for: "\(coalition)'s next certificate") {
        let node = try council.alliance.status(coalition)["node"] as? [String: Any]
        return node?["certificate-days"] as? Int ?? 0 >= 59
      }
    }
    for coalition in members { try waitForLinks(coalition, toBe: "open") }
    try council.list("no", "NO9386011117947")
    try council.waitForAgreement(members)
    // How long ago peers were heard does not follow the clock.
    let peers = try council.alliance.status("se")["peers"] as? [[String: Any]] ?? []
    #expect(peers.allSatisfy { $0["last-heard-seconds"] as? Int ?? .max < 60 }, "\(peers)")
    let node = try council.alliance.status("se")["node"] as? [String: Any]
    #expect(node?["up-seconds"] as? Int ?? .max < 3_600)

    // And it goes back: a certificate from the days to come would be refused until then.
    let ahead = try begins("se")
    try clock.move(to: 0)
    for coalition in members {
      try council.alliance.wait(120, for: "\(coalition)'s certificate of today") {
        try begins(coalition) < ahead - 86_400
      }
    }
    for coalition in members { try waitForLinks(coalition, toBe: "open") }
    try council.list("us", "DK5000400440116243")
    try council.waitForAgreement(members)
    try council.alliance.wait(30, for: "the count of today") {
      (try council.alliance.status("no")["holding"] as? [String: Any])?["indicators"] as? Int == 3
    }
  }

  /// Since 1970.
  private func begins(_ coalition: String) throws -> TimeInterval {
    let shown = try JSONSerialization.jsonObject(
      with: Data(council.alliance.run(coalition, ["cert", "show", "--json"]).output.utf8))
    let text = try #require((shown as? [String: Any])?["begins"] as? String)
    return try Date(text, strategy: .iso8601).timeIntervalSince1970
  }

  /// Ten years: certificates, their authorities, all records and the roster are past their day at once. It is told everywhere,
  /// nothing that is held goes dark, a node still starts, and it all comes back by hand.
  @Test func tenYearsAreOverAtOnceAndItAllComesBack() throws {
    try ageRecordsAndRoster()
    try clock.move(to: 3_700)
    for coalition in members { try waitForLinks(coalition, toBe: "down") }
    #expect(council.alliance.stop("us") == 0)
    try council.alliance.start("us")
    try council.alliance.wait(for: "us's node") {
      (try council.alliance.status("us")["node"] as? [String: Any])?["running"] as? Bool == true
    }
    for coalition in members {
      let shown = try status(coalition)
      #expect(shown.status == 1)
      for words in [
        "NOW: our certificate authority ended", "the roster was good until", "the record of se was good until",
        "next: vaka cert show",
      ] {
        #expect(shown.output.contains(words), "\(shown.output)")
      }
      #expect(!shown.output.contains("-36"), "no time that is less than nothing\n\(shown.output)")
      #expect(try !council.finds(coalition, "SE4550000000058398257466"), "five years is the most that a listing lasts")
      #expect(try council.alliance.run(coalition, ["health"]).status == 0)
      let doctor = try council.alliance.run(coalition, ["doctor"]).output
      #expect(doctor.contains("our certificate authority ended") && doctor.contains("(expired)"), "\(doctor)")
    }
    let renewed = try council.alliance.run("se", ["cert", "renew"])
    #expect(renewed.errors.contains("[authority-expired]") && renewed.errors.contains("vaka cert authority publish"))
    // What is said meanwhile counts here, and is kept for the others.
    try council.list("se", "DK5000400440116243")
    #expect(try council.finds("se", "DK5000400440116243"))

    for coalition in members {
      try good(coalition, ["cert", "authority", "publish", "--anyway"] + council.passphrase)
      #expect(try status(coalition).output.contains("vaka cert authority use"))
      try good(coalition, ["cert", "authority", "use", "--anyway"])
      let records = try council.good(coalition, ["record", "export", coalition]).output
      try council.alliance.write(records, to: "\(coalition).records")
    }
    for coalition in members {
      for other in members where other != coalition {
        try council.good(coalition, ["record", "import", council.path("\(other).records")])
      }
    }
    for coalition in members { try waitForLinks(coalition, toBe: "open") }
    try council.waitForAgreement(members)
    #expect(try council.finds("us", "DK5000400440116243"))
    try renewRecordsAndRoster()
    try council.alliance.wait(60, for: "nothing to be said of age any more") {
      try members.allSatisfy { coalition in
        let shown = try status(coalition).output
        return !shown.contains("NOW") && !shown.contains("was good until")
      }
    }
  }

  /// A node that was away while all others went over to other authorities cannot know them: it says what to do, and after that
  /// it is back.
  @Test func whoWasAwayWhileAuthoritiesChangedComesBack() throws {
    #expect(council.alliance.stop("us") == 0)
    for coalition in ["se", "no"] {
      try good(coalition, ["cert", "authority", "publish", "--anyway"] + council.passphrase)
    }
    for (coalition, other) in [("se", "no"), ("no", "se")] {
      try council.alliance.wait(60, for: "\(coalition)'s record at \(other)") {
        let holders = try council.alliance.run(coalition, ["cert", "show"]).output
        return holders.contains("held by 1")
      }
    }
    for coalition in ["se", "no"] { try good(coalition, ["cert", "authority", "use", "--anyway"]) }
    try clock.move(to: 200)
    try council.alliance.start("us")
    try waitForLinks("us", toBe: "down")
    try council.alliance.wait(60, for: "the advice") {
      try ["no", "se"].allSatisfy { peer in
        try council.alliance.run("us", ["peer", "probe", peer]).output.contains("vaka alliance record export")
      }
    }
    let doctor = try council.alliance.run("us", ["doctor"]).output
    #expect(doctor.contains("takes connections") && doctor.contains("its link is down: we refused"), "\(doctor)")
    for coalition in ["se", "no"] {
      try council.alliance.write(council.good(coalition, ["record", "export", coalition]).output, to: "records")
      try council.good("us", ["record", "import", council.path("records")])
    }
    for coalition in members { try waitForLinks(coalition, toBe: "open") }
    try council.list("us", "NO9386011117947")
    try council.waitForAgreement(members)
  }

  private func ageRecordsAndRoster() throws {
    for coalition in members {
      try council.good(
        coalition, ["record", "change", "--expires", MovedClock.day(1_000)] + council.passphrase)
    }
    try council.alliance.wait(60, for: "records everywhere") {
      try members.allSatisfy { coalition in
        let shown = try JSONSerialization.jsonObject(
          with: Data(council.good(coalition, ["show", "--json"]).output.utf8))
        let known = (shown as? [String: Any])?["members"] as? [[String: Any]] ?? []
        return known.allSatisfy { $0["record"] as? Int == 2 }
      }
    }
    try council.propose(council.turn("se"), ["--expires", MovedClock.day(1_500)])
    try council.approveByAll(2, of: members)
  }

  private func renewRecordsAndRoster() throws {
    for coalition in members {
      try good(coalition, ["cert", "authority", "retire"] + council.passphrase)
      try council.good(
        coalition, ["record", "change", "--expires", MovedClock.day(6_000)] + council.passphrase)
    }
    try council.propose(council.turn("se"), ["--expires", MovedClock.day(6_000)])
    try council.approveByAll(3, of: members)
  }
}
