internal import Alliance
internal import Audit
public import Control
internal import Foundation
internal import Ledger
internal import Links
internal import Operations
internal import Replication
internal import Store
public import Wire

extension Node {
  /// Answers one call of a command: a screening at once, everything else in its turn.
  public nonisolated func reply(
    _ operation: String, _ body: [UInt8], caller: ControlCaller
  ) async -> Result<[UInt8], Problem> {
    guard NodeCall(rawValue: operation) == .screen else { return await answer(operation, body, caller) }
    do {
      let question = try AnswerFormat.decode(ListQuestion.self, from: body)
      return .success(try AnswerFormat.encode(try desk.answer(question, at: Self.milliseconds())))
    } catch {
      return .failure(error as? Problem ?? Problem("internal", "the node could not do this: \(error)"))
    }
  }

  private func answer(
    _ operation: String, _ body: [UInt8], _ caller: ControlCaller
  ) async -> Result<[UInt8], Problem> {
    do {
      let audit = audit.by(.caller(caller))
      switch NodeCall(rawValue: operation) {
      case .status: return .success(try AnswerFormat.encode(try status()))
      case .health: return .success(try AnswerFormat.encode(health()))
      case .submit:
        return .success(try AnswerFormat.encode(try submit(Submission(bytes: body), audit)))
      case .coverage:
        return .success(
          try AnswerFormat.encode(try coverage(AnswerFormat.decode(HeadCoverage.Question.self, from: body))))
      case .signNow:
        try audit.during(AuditNote(.signedWithoutPeers, before: waitingText ?? "")) { try gate.waive() }
        signWhatIsDue()
        return .success(try AnswerFormat.encode(NodeCall.Nothing()))
      case .pause: return try pause(true, AnswerFormat.decode(NodeCall.Peer.self, from: body).peer, audit)
      case .resume: return try pause(false, AnswerFormat.decode(NodeCall.Peer.self, from: body).peer, audit)
      case .probe:
        let peer = try AnswerFormat.decode(NodeCall.Peer.self, from: body).peer
        return .success(try AnswerFormat.encode(try await probe(peer)))
      case .epochPlan: return .success(try AnswerFormat.encode(try epochPlan()))
      case .openEpoch:
        try openEpoch(AnswerFormat.decode(EpochPlan.Opening.self, from: body), audit)
        return .success(try AnswerFormat.encode(NodeCall.Nothing()))
      case .releaseHold:
        try releaseHold(of: AnswerFormat.decode(NodeCall.Peer.self, from: body).peer, audit)
        return .success(try AnswerFormat.encode(NodeCall.Nothing()))
      case .records:
        let records = try AnswerFormat.decode(RecordsQuestion.self, from: body).records()
        return .success(try AnswerFormat.encode(try takeRecords(records, audit)))
      case .deliberate:
        let submission = try AnswerFormat.decode(RosterSubmission.self, from: body)
        return .success(try AnswerFormat.encode(try deliberate(submission, audit)))
      case .rosterHeard:
        return .success(
          try AnswerFormat.encode(RosterHeard(roster: membership.roster.number, peers: puller.deliberationHeard)))
      case .replay: return .success(try AnswerFormat.encode(try replay(audit)))
      case .certificate:
        let call = try AnswerFormat.decode(CertificateCall.self, from: body)
        return .success(try AnswerFormat.encode(try useCertificate(call, audit)))
      case .recordHolders: return .success(try AnswerFormat.encode(await recordHolders()))
      case .screen, nil:
        throw Problem(
          "unknown-operation", "the running node does not know this request", object: operation,
          next: "restart it with this version of vaka")
      }
    } catch {
      return .failure(error as? Problem ?? Problem("internal", "the node could not do this: \(error)"))
    }
  }

  private func submit(_ submission: Submission, _ audit: AuditTrail) throws -> Submission.Answer {
    let answer = try submission.accept(
      into: ledger, vault: vault, coalition: home.coalition, now: Self.milliseconds(), audit: audit)
    if answer.accepted > 0 { hasQueue = true }
    if answer.erasure != nil { erasures.areOpen = true }
    return answer
  }

  /// Signs after a submission was acknowledged: the command does not wait for it.
  public func submitted() { signWhatIsDue() }

  private func replay(_ audit: AuditTrail) throws -> ReplayQuarantine {
    let answer = try ReplayQuarantine.run(in: ledger, nodeRunning: true, audit: audit)
    // What counts now may be a hit on what was screened before.
    desk.noteGap()
    counter.noteChange()
    late.catchUp(at: Self.milliseconds())
    return answer
  }

  private func pause(
    _ isPaused: Bool, _ peer: CoalitionID, _ audit: AuditTrail
  ) throws -> Result<[UInt8], Problem> {
    guard lines[peer] != nil else {
      throw Problem("not-in-roster", "no other member of this alliance", object: peer.rawValue, next: "vaka peer list")
    }
    try audit.during(AuditNote(isPaused ? .peerPaused : .peerResumed, on: "\(peer)")) {
      try ledger.transaction { try $0.savePaused(isPaused, of: peer) }
    }
    door.setPaused(isPaused, peer)
    if isPaused { closeIncoming(peer) }
    feed(isPaused ? .paused(peer) : .resumed(peer))
    return .success(try AnswerFormat.encode(NodeCall.Nothing()))
  }

  private func probe(_ peer: CoalitionID) async throws -> PeerProbe {
    guard let line = lines[peer], let record = membership.record(of: peer) else {
      throw Problem("not-in-roster", "no other member of this alliance", object: peer.rawValue, next: "vaka peer list")
    }
    guard door.admits(peer) else {
      throw Problem("peer-paused", "this peer is paused here", object: peer.rawValue, next: "vaka peer resume \(peer)")
    }
    let started = ContinuousClock.now
    do {
      let response = try await line.get(PeerResource.hello.path, timeout: .seconds(10))
      let time = (ContinuousClock.now - started) / .milliseconds(1)
      guard response.status == 200, case .hello(let hello) = try PeerAnswer(to: .hello, body: response.body) else {
        return PeerProbe(
          peer: peer, endpoints: record.endpoints, reached: true, milliseconds: time, roster: nil,
          problem: response.problem ?? Problem("answer-\(response.status)", "the peer answered \(response.status)"))
      }
      let problem =
        hello.alliance == membership.alliance
        ? nil : Problem("another-alliance", "the peer's greeting names another alliance", object: peer.rawValue)
      return PeerProbe(
        peer: peer, endpoints: record.endpoints, reached: true, milliseconds: time, roster: hello.roster,
        problem: problem)
    } catch let failure as LinkFailure {
      let problem = await explain(failure, peer: peer)
      return PeerProbe(
        peer: peer, endpoints: record.endpoints, reached: false, milliseconds: nil, roster: nil, problem: problem)
    }
  }

  private func coverage(_ question: HeadCoverage.Question) throws -> HeadCoverage {
    try ledger.view { view in
      let others = membership.roster.coalitions.filter { $0 != home.coalition }
      if question.epoch == nil, try view.queueCount() > 0 {
        return HeadCoverage(epoch: nil, index: nil, held: [], lacking: others, waitingFor: waitingText)
      }
      let newest = try view.position(of: home.coalition).head
      guard let epoch = question.epoch ?? newest?.epoch, let index = question.index ?? newest?.index else {
        return HeadCoverage(epoch: nil, index: nil, held: [], lacking: others, waitingFor: waitingText)
      }
      let receipts = try view.receipts().map(\.receipt)
      let held = try others.filter { coalition in
        guard let entry = receipts.first(where: { $0.coalition == coalition })?.entry(of: home.coalition),
          (entry.epoch, entry.index) >= (epoch, index)
        else { return false }
        return try view.history(of: home.coalition, epoch: entry.epoch, from: entry.index, limit: 1).first
          == entry.headHash
      }
      return HeadCoverage(
        epoch: epoch, index: index, held: held, lacking: others.filter { !held.contains($0) }, waitingFor: nil)
    }
  }

  private var waitingText: String? {
    switch gate.state {
    case .open: signingProblem?.0.what
    case .waiting(let answered, let needed, _): "\(needed - answered) of \(needed) peers before signing"
    case .stopped(let problem): problem.what
    }
  }

  /// Whole days from now.
  private static func days(until end: Date) -> Int { CertificateWarning.days(until: end, now: Date()) }

  private func status() throws -> NodeStatus {
    let now = Self.milliseconds()
    return try StatusReport(home, version: version).make(
      ledger, membership: membership, runtime: runtime(now: now), now: now)
  }

  /// What only the running node knows, with the end of every certificate that it has seen.
  func readings(
    now: UInt64
  ) throws -> (StatusReport.Runtime, Membership, certificates: [CoalitionID: Date], startedAt: UInt64) {
    var ends = certificateEnds
    ends[home.coalition] = certificate.ends
    return (try runtime(now: now), membership, ends, startedAt)
  }

  private var certificateEnds: [CoalitionID: Date] {
    Dictionary(lines.all.compactMap { peer, line in line.certificateEnds.map { (peer, $0) } }) { first, _ in first }
  }

  private func runtime(now: UInt64) throws -> StatusReport.Runtime {
    let paced = Self.pace()
    let expectations = appliedAt.values.compactMap { heads -> Agreement.Expectation? in
      guard let newest = heads.last?.head else { return nil }
      let settled = heads.last { $0.at + Agreement.settling <= paced }?.head
      return Agreement.Expectation(newest: newest, settled: settled)
    }
    var lacking: [CoalitionID: Int] = [:]
    for link in puller.links where link.state == .open {
      let behind = puller.lacking(of: link.peer)
      if behind.contains(where: { $0.statements == nil }) { continue }
      lacking[link.peer] = try ledger.read { reader in
        try behind.reduce(0) { sum, one in
          let ours = try reader.position(of: one.coalition).statements
          return sum + max(1, Int(clamping: one.statements ?? 0) - Int(clamping: ours))
        }
      }
    }
    var notes = notes
    for link in puller.links where notes[link.peer] == nil && link.state == .down {
      notes[link.peer] = link.problem?.what
    }
    var runtime = StatusReport.Runtime(
      upSeconds: (paced - min(paced, pacedStart)) / 1_000, gate: signingState,
      links: puller.links.map { $0.heard(on: Self.wall) }, roundTrips: roundTrips,
      certificateDays: certificateEnds.mapValues(Self.days(until:)),
      expectations: expectations, lacking: lacking, notes: notes, refusals: refusals.all,
      ownCertificateDays: Self.days(until: certificate.ends), counts: counter.counts, unseenLateMatches: late.unseen())
    (runtime.copyPaces, runtime.paceNow) = (copyPaces, paced)
    runtime.certificateMustBeBrought = certificate.mustBeBrought
    runtime.auditHead = try? audit.head()
    runtime.unconfirmedPast = expiry.left.unconfirmed
    runtime.withoutPlaintext = rehash.withoutPlaintext
    runtime.callers = lines.all.filter(\.line.isReverse).map(\.peer)
    runtime.doubledPeers = lines.all.map(\.peer).filter { !door.instancesTogether(of: $0).isEmpty }
    runtime.doubledBy = doubled
    if !next.deliberation.isEmpty { runtime.deciding = try? RosterProposals(home, knowing: next.deliberation).inShort }
    return runtime
  }

  /// Whether we may sign, a failure to do so included.
  var signingState: SignGate.State { signingProblem.map { .stopped($0.0) } ?? gate.state }
}
