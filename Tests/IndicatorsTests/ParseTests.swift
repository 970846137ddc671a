import Testing

@testable import Indicators

@Suite struct ParseTests {
  /// Two rules that both accept digits.
  private enum LetterlessRule: IndicatorRule {
    static let type = IndicatorType.companyNumber
    static let normaliser: UInt8 = 7
    static let source = "none"
    static let form = "digits"
    static func space(scheme: String, value: String) -> SearchSpace { SearchSpace(order: 1, "digits") }
    static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
      guard text.utf8.allSatisfy(ASCII.isDigit) else { throw IndicatorRejection(.characters, "Digits only.") }
      return ("se", text)
    }
  }

  private enum ShortRule: IndicatorRule {
    static let type = IndicatorType.swishNumber
    static let normaliser: UInt8 = 1
    static let source = "none"
    static let form = "ten characters"
    static func space(scheme: String, value: String) -> SearchSpace { SearchSpace(order: 1, "characters") }
    static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
      guard text.count <= 10 else { throw IndicatorRejection(.length, "Ten at most.") }
      return ("", text)
    }
  }

  @Test func namesTheReadingsOfAnAmbiguousText() throws {
    let rejection = #expect(throws: IndicatorRejection.self) {
      try Indicator.parse("5560360793", trying: [LetterlessRule.self, ShortRule.self])
    }
    #expect(rejection?.code == "ambiguous")
    #expect(rejection?.readings == [.swishNumber, .companyNumber])
    #expect(rejection?.reason == "It can be read as swish-number, company-number; say which type it is.")
  }

  @Test func takesTheOnlyReading() throws {
    let indicator = try Indicator.parse("abc", trying: [LetterlessRule.self, ShortRule.self])
    #expect(indicator.type == .swishNumber)
    #expect(try Indicator.parse("12345678901", trying: [LetterlessRule.self, ShortRule.self]).normaliser == 7)
  }

  @Test func saysWhatWasTried() throws {
    let rejection = #expect(throws: IndicatorRejection.self) { try Indicator.parse("no such thing", as: nil) }
    #expect(rejection?.code == "unrecognised")
    #expect(rejection?.readings == [])
    for type in IndicatorType.supported {
      #expect(rejection?.reason.contains("As \(type.name): ") == true)
    }
  }

  @Test(arguments: ["", " \n", "\u{3000}"])
  func emptyIsEmptyForAnyType(_ text: String) {
    #expect(throws: IndicatorRejection(.empty, "There is no text.")) { try Indicator.parse(text, as: nil) }
  }

  @Test func limitsTheLengthBeforeAnythingElse() {
    let rejection = #expect(throws: IndicatorRejection.self) {
      try Indicator.parse(String(repeating: " ", count: 257), as: nil)
    }
    #expect(rejection?.code == "length")
  }

  @Test func namesTheSupportedTypes() {
    let rejection = #expect(throws: IndicatorRejection.self) { try Indicator.parse("4111111111111111", as: .cardPan) }
    #expect(rejection?.code == "unsupported-type")
    #expect(rejection?.reason.contains("iban, merchant-id, crypto-address") == true)
  }

  @Test func namesTheSupportedChains() {
    let rejection = #expect(throws: IndicatorRejection.self) {
      try Indicator.parse("osmo1zt2tk0d90pvk8unlqykm87dy20gvgg8rtv2zul", as: .cryptoAddress)
    }
    #expect(
      rejection?.reason
        == "It looks like a chain that is unknown here (Bech32 with another prefix); chains supported: "
        + CryptoAddressRule.chains.joined(separator: ", ") + ".")
  }

  @Test func everyChainHasAVector() throws {
    #expect(Set(try RuleVectors.of(.cryptoAddress).accepted.map(\.scheme)) == Set(CryptoAddressRule.chains))
  }

  @Test func codesAreKebabCase() {
    for code in IndicatorRejection.Code.allCases {
      #expect(code.rawValue.allSatisfy { ("a"..."z").contains($0) || $0 == "-" })
    }
  }
}

@Suite struct IndicatorTypeTests {
  @Test func numbersFollowTheList() {
    #expect(IndicatorType.allCases.map(\.rawValue) == Array(1...17))
    #expect(IndicatorType.cryptoAddress.rawValue == 15)
  }

  @Test func namesReadBack() {
    for type in IndicatorType.allCases { #expect(IndicatorType(name: type.name) == type) }
    #expect(IndicatorType(name: "IBAN") == nil)
  }

  @Test func supportedTypesAreInOrder() {
    #expect(IndicatorType.supported == [.iban, .merchantID, .cryptoAddress])
    #expect(IndicatorType.allCases.filter { $0.normaliser != nil } == IndicatorType.supported)
  }
}

@Suite struct RedactionTests {
  private let value = "SE4550000000058398257466"

  @Test func indicatorShowsNoValue() throws {
    let indicator = try Indicator.parse(value, as: .iban)
    var dumped = ""
    dump([indicator], to: &dumped)
    for text in ["\(indicator)", String(reflecting: indicator), "\([indicator])", "\(indicator as Any?)", dumped] {
      #expect(!text.contains(value), "\(text)")
    }
    #expect("\(indicator)" == "iban (value withheld)")
  }

  @Test func hashKeyShowsNoBytes() throws {
    let key = try #require(HashKey(epoch: 3, bytes: repeatElement(0xAB, count: 32)))
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(!text.lowercased().contains("abab") && !text.contains("171"))
    }
    #expect("\(key)" == "hash key of epoch 3 (bytes withheld)")
  }
}
