import Foundation
import NodeBench
import Testing

/// An alliance that grows from two coalitions to ten and shrinks to seven, with real nodes, while everyone lists.
@Suite(.timeLimit(.minutes(20)))
struct TenCoalitionsTests {
  /// How the newcomers come: those who stay decide alone, so an alliance grows by about a third at a time.
  private static let admissions = [["de"], ["dk"], ["ee", "es"], ["fi", "fr"], ["gb", "ie"]]
  private static let founders = ["no", "se"]
  private static let removed = ["de", "fi", "no"]

  @Test func growsToTenAndShrinksToSeven() throws {
    let council = try CouncilRun(founders: Self.founders, newcomers: Self.admissions.flatMap(\.self))
    var members = Self.founders
    try council.start(members)
    var number = 1
    for newcomers in Self.admissions {
      number += 1
      try council.propose(
        council.turn(members[0]), newcomers.flatMap { ["--admit", council.path("\($0).card")] })
      try council.approveByAll(number, of: members)
      for newcomer in newcomers { try council.join(newcomer, invitedBy: members[number % members.count]) }
      try council.start(newcomers)
      members += newcomers
      for newcomer in newcomers { try council.list(newcomer, Self.iban(newcomer)) }
    }
    #expect(members.count == 10)
    try council.waitForAgreement(members)
    for newcomers in Self.admissions {
      for newcomer in newcomers {
        #expect(try council.finds("se", Self.iban(newcomer)), "\(newcomer)")
        #expect(try council.finds("ie", Self.iban(newcomer)), "\(newcomer)")
      }
    }
    // Too many newcomers at once could stop the alliance by keeping silent.
    let staying = members.filter { !Self.removed.contains($0) }
    number += 1
    try council.propose(council.turn("se"), Self.removed.flatMap { ["--remove", $0] })
    try council.approveByAll(number, of: staying)
    try council.alliance.wait(60, for: "the positions to be gone") {
      try staying.allSatisfy { member in
        let digests = try council.alliance.liveDigests(member)
        return Self.removed.allSatisfy { digests[$0] == nil }
      }
    }
    try council.list("se", "SE4550000000058398257466")
    try council.waitForAgreement(staying)
    #expect(try !council.finds("ie", Self.iban("de")), "what a removed coalition listed is gone")
    #expect(try council.finds("ie", Self.iban("dk")), "and nothing else")
    for member in staying { #expect(try council.hashKeys(member) == 2, "\(member)") }
    // A removed member that goes on talking is heard by nobody.
    let alone = try council.alliance.status("de")
    #expect((alone["signing"] as? [String: Any])?["state"] as? String == "stopped")
    for member in staying {
      #expect(try council.good(member, ["log"]).output.contains("verified from roster 1 to \(number)"))
    }
  }

  /// Valid by its check digits alone: an account of this name in Germany.
  private static func iban(_ coalition: String) -> String {
    let account = coalition.utf8.reduce(UInt64(0)) { $0 * 1_000 + UInt64($1) }
    let text = String(account)
    let body = "50010517" + String(repeating: "0", count: 10 - text.count) + text
    var remainder = 0
    for digit in (body + "131400").utf8 { remainder = (remainder * 10 + Int(digit) - 48) % 97 }
    let check = 98 - remainder
    return "DE\(check < 10 ? "0" : "")\(check)\(body)"
  }
}
