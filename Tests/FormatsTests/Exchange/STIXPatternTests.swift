import Testing

@testable import Formats

@Suite struct STIXPatternTests {
  private func values(_ pattern: String) throws(STIXPatternProblem) -> [String] {
    try STIXPattern(pattern).comparisons.flatMap { one in one.values.map { "\(one.objectType):\(one.property)=\($0)" } }
  }

  @Test func takesListsOfStrings() throws {
    #expect(try values("[a:b = 'c']") == ["a:b=c"])
    #expect(try values("[ a-b:c_d='1' OR a:b IN ('2','3') ] OR ([e:f = '4'] OR [g:h == '5'])").count == 5)
    #expect(try values("[(a:b = 'c' OR (a:b = 'd'))]") == ["a:b=c", "a:b=d"])
    #expect(try values(#"[a:b = 'it\'s \\ OR AND ]']"#) == [#"a:b=it's \ OR AND ]"#])
    #expect(try values("[a:b.c_ref.d = 'x']") == ["a:b.c_ref.d=x"])
    #expect(try values("[a:b[*].c = 'x' OR a:d.'k l'[0] = 'y']") == ["a:b[*].c=x", "a:d.'k l'[0]=y"])
  }

  @Test(arguments: [
    "[a:b = 'c' AND a:d = 'e']", "[a:b = 'c'] AND [a:d = 'e']", "[a:b = 'c'] FOLLOWEDBY [a:d = 'e']", "[a:b NOT = 'c']",
    "[a:b LIKE 'c%']", "[a:b MATCHES '^c']", "[a:b != 'c']", "[a:b > 'c']", "[a:b = 5]",
    "[a:b = t'2026-01-01T00:00:00Z']",
    "[a:b = true]", "[a:b IN ('c', 5)]", "[a:b = 'c'] WITHIN 5 SECONDS", "[a:b = 'c'] REPEATS 5 TIMES",
    "[a:b = 'c'] START t'2026-01-01T00:00:00Z' STOP t'2027-01-01T00:00:00Z'", "[EXISTS a:b]", "[a:b ISSUBSET '1']",
    "[a:b = 'c' OR a:d LIKE 'e']",
  ])
  func refusesWhatSaysMoreThanAList(_ pattern: String) {
    #expect { try values(pattern) } throws: { if case STIXPatternProblem.unsupported = $0 { true } else { false } }
  }

  @Test(arguments: [
    "", "a:b = 'c'", "[a:b = 'c'", "[a:b = 'c']]", "[a:b = 'c' OR]", "[a:b]", "[a = 'c']", "[a:b IN ()]",
    "[a:b IN 'c']",
    "[a:b = 'c]", #"[a:b = '\n']"#, "[a:b = c'] OR", "[]", "[a:b = 'c'] [a:b = 'd']", "([a:b = 'c']", "[a:b = \"c\"]",
    "[a:b[ = 'c']", "[a:b-c = 'd']", "[a:b = 'c' or a:d = 'e']", "[a.b:c = 'd']", "[a:b['c'] = 'd']",
    "\u{0}",
  ])
  func refusesWhatBreaksTheGrammar(_ pattern: String) {
    #expect(throws: STIXPatternProblem.self) { try values(pattern) }
  }

  @Test func bracketsHaveALimit() {
    let deep = String(repeating: "(", count: 100_000) + "[a:b = 'c']" + String(repeating: ")", count: 100_000)
    #expect(throws: STIXPatternProblem.self) { try values(deep) }
    let inner =
      "[" + String(repeating: "(", count: 100_000) + "a:b = 'c'" + String(repeating: ")", count: 100_000) + "]"
    #expect(throws: STIXPatternProblem.self) { try values(inner) }
  }
}
