import Testing

@testable import Indicators

@Suite struct RuleVectorTests {
  @Test(arguments: IndicatorType.supported)
  func acceptsWithCanonicalForm(_ type: IndicatorType) throws {
    for vector in try RuleVectors.of(type).accepted {
      let indicator = try Indicator.parse(vector.input, as: type)
      #expect(indicator.type == type)
      #expect(indicator.scheme == vector.scheme, "\(vector.input)")
      #expect(indicator.value == vector.canonical, "\(vector.input)")
      #expect(indicator.normaliser == 1)
    }
  }

  @Test(arguments: IndicatorType.supported)
  func rejectsWithCode(_ type: IndicatorType) throws {
    for vector in try RuleVectors.of(type).rejected {
      do {
        _ = try Indicator.parse(vector.input, as: type)
        Issue.record("accepted: \(vector.input)")
      } catch {
        #expect(error.code == vector.code, "\(vector.input): \(error.reason)")
      }
    }
  }

  @Test(arguments: IndicatorType.supported)
  func differentSpellingsAreEqual(_ type: IndicatorType) throws {
    for pair in try RuleVectors.of(type).equal {
      let indicators = try pair.map { text in try Indicator.parse(text, as: type) }
      #expect(Set(indicators).count == 1, "\(pair)")
    }
  }

  @Test(arguments: IndicatorType.supported)
  func canonicalFormIsAFixedPoint(_ type: IndicatorType) throws {
    for vector in try RuleVectors.of(type).accepted {
      let once = try Indicator.parse(vector.input, as: type)
      #expect(try Indicator.parse(once.value, as: type) == once)
    }
  }

  @Test(arguments: IndicatorType.supported)
  func recognisesTheTypeByItselfOrNamesTheReadings(_ type: IndicatorType) throws {
    guard IndicatorRules.all.first(where: { $0.type == type })?.isGuessed == true else { return }
    for vector in try RuleVectors.of(type).accepted {
      do {
        #expect(try Indicator.parse(vector.input, as: nil).type == type, "\(vector.input)")
      } catch {
        #expect(error.readings.count > 1 && error.readings.contains(type), "\(vector.input): \(error.reason)")
      }
    }
  }

  @Test(arguments: IndicatorType.supported)
  func reasonNeverRepeatsTheInput(_ type: IndicatorType) throws {
    for vector in try RuleVectors.of(type).rejected where vector.input.count > 5 {
      let rejection = #expect(throws: IndicatorRejection.self) { try Indicator.parse(vector.input, as: type) }
      #expect(rejection?.reason.lowercased().contains(vector.input.lowercased()) == false)
    }
  }

  @Test func everyCountryOfTheRegistryHasAnExample() throws {
    let countries = try RuleVectors.of(.iban).accepted.map { $0.canonical.prefix(2) }
    #expect(Set(countries).count == 89)
  }
}
