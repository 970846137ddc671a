import Links
import Synchronization
import Testing

/// Questions to a peer that nobody can dial, and the visits that it makes.
@Suite(.timeLimit(.minutes(1)))
struct ReverseLinkTests {
  private static let page = PeerResponse(status: 200, contentType: "application/protobuf", body: [1, 2, 3])

  private static func limits(_ pause: Duration = .seconds(30)) -> LinkLimits {
    var limits = LinkLimits()
    limits.reversePause = pause
    return limits
  }

  private func failure(_ body: () async throws(LinkFailure) -> PeerResponse) async -> LinkFailure.Code? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error.code
    }
  }

  @Test func aVisitorTakesAQuestionAlongAndBringsTheAnswer() async throws {
    let link = ReverseLink(limits: Self.limits(), firstNumber: 7)
    #expect(!link.isOffered)
    async let visit = link.visit(bringing: nil, waiting: .seconds(30))
    async let answer = link.get("/peer/v1/hello", timeout: .seconds(30))
    let question = try #require(await visit)
    #expect(question == ReverseLink.Question(number: 8, path: "/peer/v1/hello"))
    #expect(link.isOffered)
    async let next = link.visit(bringing: (question.number, Self.page), waiting: .zero)
    #expect(try await answer == Self.page)
    #expect(await next == nil)
  }

  @Test func aQuestionWaitsForTheNextVisit() async throws {
    let link = ReverseLink(limits: Self.limits())
    async let answer = link.get("/peer/v1/frontier", timeout: .seconds(30))
    var question: ReverseLink.Question?
    while question == nil { question = await link.visit(bringing: nil, waiting: .milliseconds(50)) }
    #expect(question?.path == "/peer/v1/frontier")
    _ = await link.visit(bringing: question.map { ($0.number, Self.page) }, waiting: .zero)
    #expect(try await answer.body == [1, 2, 3])
  }

  @Test func whoDoesNotComeIsUnreachable() async {
    let link = ReverseLink(limits: Self.limits(.milliseconds(50)))
    #expect(
      await failure { () async throws(LinkFailure) in try await link.get("/x", timeout: .seconds(30)) } == .unreachable)
    #expect(
      await link.visit(bringing: nil, waiting: .zero) == nil, "what was given up is not asked any more")
  }

  @Test func whoBringsNoAnswerIsLate() async {
    let link = ReverseLink(limits: Self.limits())
    async let visit = link.visit(bringing: nil, waiting: .seconds(30))
    #expect(
      await failure { () async throws(LinkFailure) in try await link.get("/x", timeout: .milliseconds(300)) }
        == .timeout)
    _ = await visit
    #expect(await failure { () async throws(LinkFailure) in try await link.get("/x", timeout: .zero) } == .timeout)
  }

  @Test func anAnswerToNoQuestionCountsForNothing() async throws {
    let link = ReverseLink(limits: Self.limits(), firstNumber: 100)
    async let visit = link.visit(bringing: nil, waiting: .seconds(30))
    async let answer = link.get("/x", timeout: .seconds(30))
    let question = try #require(await visit)
    let wrong = PeerResponse(status: 200, contentType: "text/plain", body: [9])
    for number in [0, 1, question.number - 1, question.number + 1, .max] {
      #expect(await link.visit(bringing: (number, wrong), waiting: .zero) == nil)
    }
    _ = await link.visit(bringing: (question.number, Self.page), waiting: .zero)
    _ = await link.visit(bringing: (question.number, wrong), waiting: .zero)
    #expect(try await answer == Self.page)
  }

  @Test func droppingEndsBothSides() async throws {
    let link = ReverseLink(limits: Self.limits())
    async let taken = link.visit(bringing: nil, waiting: .seconds(30))
    async let code = failure { () async throws(LinkFailure) in try await link.get("/x", timeout: .seconds(30)) }
    _ = try #require(await taken)
    async let waiting = link.visit(bringing: nil, waiting: .seconds(30))
    while !link.isWaitedAt { await Task.yield() }
    link.drop()
    #expect(await code == .closed)
    #expect(await waiting == nil)
  }

  @Test func visitsBeyondTheLimitLeaveAtOnce() async {
    var limits = Self.limits()
    limits.linksPerPeer = 2
    let link = ReverseLink(limits: limits)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<5 {
        group.addTask { await link.visit(bringing: nil, waiting: .seconds(30)) == nil }
      }
      var left = 0
      for await isEmptyHanded in group {
        #expect(isEmptyHanded)
        left += 1
        if left == 3 { link.drop() }
      }
      #expect(left == 5)
    }
  }

  /// The offering side: every question of the other end gets its answer, however long the ones before it take.
  @Test func anOfferAnswersWhileALongPollWaits() async throws {
    let link = ReverseLink(limits: Self.limits())
    let calls = Atomic(0)
    let offer = ReverseOffer(pause: .milliseconds(10)) { (answer) async throws(LinkFailure) in
      // The first calls fail, as they do while the peer is away.
      if calls.add(1, ordering: .relaxed).oldValue < 2 { throw LinkFailure(.unreachable, "away") }
      return await link.visit(bringing: answer, waiting: .seconds(5))
    } answer: { path in
      if path == "/poll" { try? await Task.sleep(for: .seconds(60)) }
      return PeerResponse(status: 200, contentType: "text/plain", body: Array(path.utf8))
    }
    let poll = Task { try? await link.get("/poll", timeout: .seconds(60)) }
    for number in 0..<20 {
      let answer = try await link.get("/page/\(number)", timeout: .seconds(20))
      #expect(String(decoding: answer.body, as: UTF8.self) == "/page/\(number)")
    }
    poll.cancel()
    offer.stop()
    link.drop()
    #expect(await poll.value == nil)
  }
}
