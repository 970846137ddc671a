import Alliance
import AllianceBench
import Testing

@Suite struct MemberCardTests {
  @Test(arguments: ["a", "bank-a", "0", String(repeating: "x", count: 64)])
  func takesAnID(_ text: String) throws {
    #expect(MemberID(text)?.rawValue == text)
  }

  @Test(arguments: ["", "-a", "a-", "Bank", "bank_a", "bänk", "a b", String(repeating: "x", count: 65)])
  func refusesWhatIsNone(_ text: String) {
    #expect(MemberID(text) == nil)
  }

  @Test func comesBackFromItsText() throws {
    let member = try #require(MemberID("bank-a"))
    let card = try MemberCard(member: member, name: "Demo Bank A", sealingKey: Array(0..<32))
    let read = try MemberCard(text: card.text, file: "bank-a.card")
    #expect(read == card && read.fingerprint.description == card.fingerprint.description)
    let other = try MemberCard(member: member, name: "Demo Bank A", sealingKey: Array(1..<33))
    #expect(other.fingerprint.description != card.fingerprint.description)
    let renamed = try MemberCard(member: #require(MemberID("bank-b")), name: "Demo Bank A", sealingKey: Array(0..<32))
    #expect(renamed.fingerprint.description != card.fingerprint.description)
  }

  @Test func saysWhatAnotherFileIs() throws {
    let founded = try FoundedAlliance(seed: 1)
    let card = try CoalitionCard(record: founded.records[0]).text
    #expect(problemCode { _ = try MemberCard(text: card, file: "x") } == "wrong-file")
    #expect(problemCode { _ = try MemberCard(text: "hello", file: "x") } == "not-armoured")
    let torn = Armour.memberCard.wrap([1, 2, 3])
    #expect(problemCode { _ = try MemberCard(text: torn, file: "x") } == "card-unreadable")
    let noKey = try MemberCard(member: #require(MemberID("a")), name: "A", sealingKey: Array(0..<32))
    #expect(problemCode { _ = try MemberCard(member: noKey.member, name: "A", sealingKey: []) } == "card-unreadable")
    #expect(problemCode { _ = try MemberCard(member: noKey.member, name: "", sealingKey: []) } == "bad-name")
  }
}
