import Indicators
import Protected
import Testing

@Suite struct NeverListTests {
  private static let header = "type,scheme,value,covers,category,source,noted\n"

  private func read(_ rows: String) -> NeverListReader {
    var reader = NeverListReader()
    reader.feed(Array((Self.header + rows).utf8))
    reader.finish()
    return reader
  }

  private func list(_ rows: String) throws -> NeverList {
    let reader = read(rows)
    try #require(reader.problems.isEmpty)
    return NeverList(reader.entries)
  }

  private func entry(_ list: NeverList, _ type: IndicatorType, _ text: String) throws -> String? {
    list.entry(protecting: try Indicator.parse(text, as: type))?.source
  }

  @Test func aDomainProtectsAsFarAsItSays() throws {
    let list = try list(
      """
      domain,,exact.example,exact,hosting,register E,2026-11-25
      domain,,below.example,subdomains,marketplace,register S,2026-11-25
      domain,,pages.example,urls,bank,register U,2026-11-25
      domain,,mail.example,mail,bank,register M,2026-11-25
      """)
    for (name, below, url, mail) in [
      ("exact.example", false, false, false), ("below.example", true, false, false),
      ("pages.example", true, true, false),
      ("mail.example", true, true, true),
    ] {
      #expect(try entry(list, .domain, name) != nil, "\(name)")
      #expect(try entry(list, .domain, "WWW." + name + ".") != nil, "another spelling of the same name")
      #expect(try (entry(list, .domain, "a.b." + name) != nil) == below, "\(name)")
      #expect(try entry(list, .domain, "not" + name) == nil, "another name that ends alike")
      for host in [name, "www." + name, name + ":8443"] {
        #expect(try (entry(list, .url, "https://\(host)/shop?x=1") != nil) == url, "\(host)")
      }
      #expect(try entry(list, .url, "https://other.example/\(name)/?u=https://\(name)/") == nil)
      #expect(try (entry(list, .emailWallet, "paypal|seller@post.\(name)") != nil) == mail, "\(name)")
      #expect(try entry(list, .emailWallet, "paypal|\(name)@other.example") == nil)
    }
  }

  @Test func theNearestEntryAnswers() throws {
    let list = try list(
      """
      domain,,bank.example,mail,bank,the bank,2026-11-25
      domain,,host.bank.example,exact,hosting,its hosting,2026-11-25
      url,,https://host.bank.example/x,exact,bank,a page of it,2026-11-25
      """)
    #expect(try entry(list, .domain, "host.bank.example") == "its hosting")
    #expect(try entry(list, .domain, "a.host.bank.example") == "the bank", "one that covers nothing hides nothing")
    #expect(try entry(list, .url, "https://host.bank.example/x") == "a page of it")
    #expect(try entry(list, .url, "https://host.bank.example/y") == "the bank")
  }

  @Test func aMasterMerchantProtectsItsAcquirerAndOthersOnlyThemselves() throws {
    let list = try list(
      """
      merchant-id,,400001|MASTER,acquirer,aggregator,facilitator A,2026-11-25
      merchant-id,,400002|MASTER,exact,aggregator,facilitator B,2026-11-25
      merchant-descriptor,,FACILITATOR,exact,aggregator,register C,2026-11-25
      """)
    #expect(try entry(list, .merchantID, "0400001|other") == "facilitator A")
    #expect(try entry(list, .merchantID, "400002|master") == "facilitator B")
    #expect(try entry(list, .merchantID, "400002|other") == nil)
    #expect(try entry(list, .merchantDescriptor, "facilitator") == "register C")
    #expect(try entry(list, .merchantDescriptor, "FACILITATOR *SHOP") == nil, "the shop behind it may be listed")
  }

  @Test(arguments: [
    ("shop,,x,exact,bank,register,2026-11-25", "unsupported-type"),
    ("domain,,not a name,exact,bank,register,2026-11-25", "characters"),
    ("crypto-address,evm,12HQDsicffSBaYdJ6BhnE22sfjTESmmzKx,exact,exchange,register,2026-11-25", "never-list-scheme"),
    ("iban,,GB33BUKB20201555555555,urls,bank,register,2026-11-25", "never-list-covers"),
    ("domain,,a.example,acquirer,bank,register,2026-11-25", "never-list-covers"),
    ("domain,,a.example,all,bank,register,2026-11-25", "never-list-covers"),
    ("domain,,a.example,exact,shop,register,2026-11-25", "never-list-category"),
    ("domain,,a.example,exact,bank, ,2026-11-25", "never-list-source"),
    ("domain,,a.example,exact,bank,https://A.example/about,2026-11-25", "never-list-source"),
    ("email-wallet,,paypal|a@shop.example,exact,bank,the page of a@shop.example,2026-11-25", "never-list-source"),
    ("domain,,a.example,exact,bank,\"two\nlines\",2026-11-25", "never-list-source"),
    ("domain,,a.example,exact,bank,register,25.11.2026", "bad-day"),
    ("domain,,a.example,exact,bank,register,2026-13-25", "bad-day"),
    ("domain,,a.example,exact,bank,register", "row-short"),
    ("domain,\"x\"y", "text-after-quote"),
  ])
  func aBadRowIsNamedByLineAndRule(_ row: String, code: String) {
    let reader = read("domain,,good.example,exact,bank,register,2026-11-25\n" + row + "\n")
    #expect(reader.problems.map(\.code) == [code])
    #expect(reader.problems.first?.line == 3)
    #expect(reader.entries.count == 1, "the good row is read all the same")
    #expect(!reader.problems.contains { $0.reason.lowercased().contains("a.example") }, "no value is repeated")
  }

  @Test func aRowStandsOnceInAnySpelling() {
    let reader = read(
      "domain,,a.example,exact,bank,register,2026-11-25\ndomain,,WWW.A.EXAMPLE.,mail,bank,register,2026-11-25\n")
    #expect(reader.problems.map(\.code) == ["never-list-repeated"])
  }

  @Test(arguments: ["", "domain\na.example\n", "type,scheme,value,covers,category,source\n"])
  func withoutItsColumnsNothingIsRead(_ text: String) {
    var reader = NeverListReader()
    reader.feed(Array(text.utf8))
    reader.finish()
    #expect(reader.entries.isEmpty && reader.problems.map(\.code) == ["missing-column"])
  }

  @Test func isReadBackAsItWasWritten() throws {
    let list = try list(
      """
      domain,,a.example,subdomains,own,"a, ""b"" and é",2026-11-25
      swish-number,,1231234567,exact,own,c,2026-11-25
      """)
    var reader = NeverListReader()
    for byte in list.bytes { reader.feed([byte]) }
    reader.finish()
    #expect(reader.problems.isEmpty && reader.entries == list.entries)
  }
}
