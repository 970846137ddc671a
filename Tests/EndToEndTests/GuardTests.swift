import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// Guards by real processes: what is refused at publishing, and what happens where another coalition lists it all the same.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct GuardTests {
  private static let address = "12HQDsicffSBaYdJ6BhnE22sfjTESmmzKx"
  private static let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "police"]
  private static let ownList = """
    type,scheme,value,covers,category,source,noted
    crypto-address,bitcoin,\(address),exact,exchange,the exchange's published wallets,2026-11-25

    """

  @Test func aListingOnTheNeverListIsKeptEverywhereAndHeldWhereItStands() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.write("type,scheme,value\n", to: "bad.csv")
    let bad = try alliance.run("no", ["guard", "import", alliance.path("bad.csv")])
    #expect(bad.status == 2 && bad.errors.contains("line 1") && bad.errors.contains("[never-list-malformed]"))
    let imported = try alliance.run("no", ["guard", "import", "-"], input: Self.ownList)
    #expect(imported.status == 0 && imported.output.contains("1 entry in force · added 1"), "\(imported.errors)")
    let refused = try alliance.run("no", Self.add, input: Self.address)
    #expect(refused.status == 2 && refused.errors.contains("[never-list]") && refused.errors.contains("exchange"))
    #expect(!(refused.output + refused.errors).contains(Self.address))

    for coalition in ["se", "us"] { #expect(try alliance.run(coalition, Self.add, input: Self.address).status == 0) }
    try alliance.wait(for: "equal live digests") {
      let ours = try alliance.liveDigests("se")
      return try ours.count == 2 && alliance.liveDigests("no") == ours && alliance.liveDigests("us") == ours
    }
    let listed = try alliance.run("no", ["indicator", "list", "--all"])
    let reference = try #require(listed.output.split(whereSeparator: \.isWhitespace).first { $0.count == 16 })
    let free = try alliance.run("us", ["indicator", "show", String(reference)])
    #expect(free.output.contains("confirmed(2) · at most decline-onboarding"), "\(free.output)")
    let held = try alliance.run("no", ["indicator", "show", String(reference)])
    #expect(held.output.contains("confirmed(2) · at most monitor"), "\(held.output)")
    #expect(held.output.contains("this node's never-list protects it, as exchange (the exchange's published wallets)"))
    let met = try alliance.run("no", ["guard", "list", "--met"])
    #expect(met.output.contains(reference) && met.output.contains("se, us") && met.output.contains("exchange"))
    #expect(try alliance.run("us", ["guard", "list", "--met"]).output.contains("no held listing meets a guard"))

    let emptied = "type,scheme,value,covers,category,source,noted\n"
    #expect(try alliance.run("no", ["guard", "import", "-"], input: emptied).output.contains("removed 1"))
    #expect(try alliance.run("no", ["indicator", "show", String(reference)]).output.contains("at most decline"))
  }

  /// One row that is shipped, whichever is the first of its kind: refused, allowed with a reason, refused again.
  @Test func whatIsShippedIsRefusedUntilItIsAllowed() throws {
    let file = RepositoryFiles.folder.appending(path: "Sources/Protected/NeverList.csv")
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { $0.split(separator: ",") }
    let wallet = try #require(rows.first { $0.first == "crypto-address" && $0.count > 2 })
    let value = String(wallet[2])
    let alliance = try TestAlliance()
    let refused = try alliance.run("se", Self.add, input: value)
    #expect(refused.status == 2 && refused.errors.contains("[never-list]"))
    #expect(refused.errors.contains("vaka guard allow"), "it says what to do")
    let allow = ["guard", "allow", "-", "--reason", "police-request", "--case-reference", "A/17"]
    let allowed = try alliance.run("se", allow, input: value)
    #expect(allowed.status == 0 && allowed.output.contains("set aside"), "\(allowed.errors)")
    let listing = try alliance.run("se", ["guard", "list"])
    #expect(listing.output.contains("police-request") && listing.output.contains("A/17"))
    #expect(!(allowed.output + listing.output).contains(value), "no identifier is printed")
    #expect(try alliance.run("se", Self.add, input: value).output.contains("listed"))
    #expect(try alliance.run("se", ["guard", "forbid", "-"], input: value).status == 0)
    let again = try alliance.run("se", ["guard", "list", "--json"])
    let answer = try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any]
    #expect((answer?["allowed"] as? [Any])?.isEmpty == true && (answer?["shipped"] as? Int ?? 0) > 1_000)
  }

  /// What passed here too often to be one seller's is not published before somebody has looked.
  @Test func whatPassedTooOftenIsNotPublished() throws {
    let iban = "SE4550000000058398257466"
    let alliance = try TestAlliance()
    try alliance.write("creditor\n" + String(repeating: "\(iban)\n", count: 120), to: "payments.csv")
    let screen = ["screen", alliance.path("payments.csv"), "--map", "iban=creditor", "--remember", "30d"]
    #expect(try alliance.run("se", screen).status == 0)
    let refused = try alliance.run("se", Self.add, input: iban)
    #expect(refused.status == 2 && refused.errors.contains("[matches-too-much]") && refused.errors.contains("120 rows"))
    #expect(!refused.errors.contains(iban))
    let held = try alliance.run("se", ["guard", "list"])
    #expect(held.output.contains("MATCHED TOO MUCH"), "\(held.output)")
    let reference = try #require(held.output.split(whereSeparator: \.isWhitespace).first { $0.count == 16 })
    #expect(try alliance.run("se", ["guard", "release", String(reference)]).status == 0)
    #expect(try alliance.run("se", Self.add, input: iban).output.contains("listed"))
  }
}
