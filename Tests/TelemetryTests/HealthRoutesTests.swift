import Testing

@testable import Telemetry

/// What is answered where, without a socket.
@Suite(.timeLimit(.minutes(1))) struct HealthRoutesTests {
  private struct Broken: Error {}

  private func routes(
    sickness: String? = nil, unreadiness: String? = nil, metrics: Result<[MetricFamily], Broken> = .success([])
  ) -> HealthRoutes {
    HealthRoutes(
      source: HealthSource(
        sickness: { sickness }, unreadiness: { unreadiness }, metrics: { try metrics.get() }), patience: .seconds(30))
  }

  @Test func healthAndReadinessAreTwoQuestions() async {
    let waiting = routes(unreadiness: "waiting for 1 of 2 peers before signing")
    #expect(await waiting.reply(to: "GET", "/healthz").status == 200)
    #expect(await waiting.reply(to: "GET", "/healthz").body == "ok\n")
    #expect(await waiting.reply(to: "GET", "/readyz").status == 503)
    #expect(await waiting.reply(to: "GET", "/readyz").body == "waiting for 1 of 2 peers before signing\n")
    #expect(await routes().reply(to: "GET", "/readyz").status == 200)
    let sick = await routes(sickness: "the store cannot be read:\ndisk I/O error").reply(to: "GET", "/healthz")
    #expect(sick.status == 503)
    #expect(sick.body == "the store cannot be read: disk I/O error\n", "one line")
  }

  @Test func metricsHaveTheirContentType() async {
    let family = MetricFamily(name: "vaka_x", help: "X.", kind: .gauge, samples: [.init(1)])
    let reply = await routes(metrics: .success([family])).reply(to: "GET", "/metrics")
    #expect(reply.status == 200)
    #expect(reply.contentType == "text/plain; version=0.0.4; charset=utf-8")
    #expect(reply.body == "# HELP vaka_x X.\n# TYPE vaka_x gauge\nvaka_x 1\n")
    #expect(await routes(metrics: .failure(Broken())).reply(to: "GET", "/metrics").status == 503)
  }

  @Test func nothingElseIsAnswered() async {
    for path in ["/", "", "/metrics/", "/healthz/x", "/peer/v1/hello", "/METRICS", "/%6detrics"] {
      #expect(await routes().reply(to: "GET", path).status == 404, "\(path)")
    }
    for method in ["POST", "HEAD", "PUT", "DELETE", "OPTIONS"] {
      #expect(await routes().reply(to: method, "/metrics").status == 405, "\(method)")
    }
  }

  @Test func aNodeThatHangsIsNotWaitedFor() async {
    let (released, release) = AsyncStream<Void>.makeStream()
    let hanging = HealthSource(
      sickness: {
        // Hangs until the answer is there, and heeds no cancellation, like an actor whose thread hangs.
        for await _ in released {}
        return nil
      }, unreadiness: { nil }, metrics: { [] })
    let reply = await HealthRoutes(source: hanging, patience: .milliseconds(50)).reply(to: "GET", "/healthz")
    #expect(reply.status == 503)
    #expect(reply.body.hasPrefix("the node has not answered within"))
    release.finish()
  }
}
