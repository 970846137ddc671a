import Testing

@testable import Telemetry

/// What Prometheus reads, to the letter of its text exposition format 0.0.4.
@Suite struct PrometheusTextTests {
  private typealias Sample = MetricFamily.Sample
  private typealias Label = MetricFamily.Label

  private func text(help: String = "Help.", _ samples: [MetricFamily.Sample]) -> String {
    PrometheusText.encode([MetricFamily(name: "vaka_x", help: help, kind: .gauge, samples: samples)])
  }

  @Test func familiesFollowEachOtherWithHelpAndType() {
    let families = [
      MetricFamily(name: "vaka_a_total", help: "First.", kind: .counter, samples: [Sample(3)]),
      MetricFamily(
        name: "vaka_b", help: "Second.", kind: .gauge,
        samples: [
          Sample(1, [Label("peer", "no"), Label("state", "open")]), Sample(0, [Label("peer", "us")]),
        ]),
    ]
    #expect(
      PrometheusText.encode(families) == """
        # HELP vaka_a_total First.
        # TYPE vaka_a_total counter
        vaka_a_total 3
        # HELP vaka_b Second.
        # TYPE vaka_b gauge
        vaka_b{peer="no",state="open"} 1
        vaka_b{peer="us"} 0

        """)
  }

  @Test func whatWouldBreakTheFormatIsEscaped() {
    #expect(text([Sample(1, [Label("l", "a\\b\"c\nd")])]).hasSuffix("vaka_x{l=\"a\\\\b\\\"c\\nd\"} 1\n"))
    #expect(text(help: "a\\b\"c\nd", [Sample(1)]).hasPrefix("# HELP vaka_x a\\\\b\"c\\nd\n"), "no quotes around help")
    // In Swift one character, in the format a line break all the same.
    #expect(text([Sample(1, [Label("l", "a\r\nb")])]).hasSuffix("{l=\"a\r\\nb\"} 1\n"))
  }

  @Test(arguments: [
    (0, "0"), (-2, "-2"), (0.25, "0.25"), (1_732_000_000, "1732000000"), (5e-7, "5e-07"), (1e300, "1e+300"),
    (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
  ])
  func numbersAreThoseThatGoReads(_ value: Double, _ written: String) {
    #expect(text([Sample(value)]).hasSuffix("\nvaka_x \(written)\n"))
  }

  @Test func aFamilyOfWhichNothingIsKnownIsLeftOut() {
    #expect(text([]).isEmpty)
  }
}
