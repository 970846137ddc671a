internal import Alliance
internal import Audit
internal import Foundation
internal import Keys
internal import Ledger
public import Links
public import Logging
internal import NIOCore
internal import NIOPosix
internal import Operations
internal import Replication
internal import Signing
internal import Store
public import Wire

/// The running node: feeds events to the puller and carries out its effects, signs what is queued, answers commands.
///
/// - `Node+Effects.swift`: requests, applying, receipts
/// - `Node+Signing.swift`: the sign mark and our own heads
/// - `Node+Erasing.swift`: erasures in their two steps
/// - `Node+Expiry.swift`: listings of ours past their last day
/// - `Node+Rehash.swift`: statements of ours under an older hash key
/// - `Node+Offers.swift`: visits to peers that cannot dial us
/// - `Node+Rosters.swift`: rosters, and what is said about the next one
/// - `Node+Records.swift`, `Node+RecordFlood.swift`: member records
/// - `Node+Control.swift`: what commands ask
/// - `Node+Health.swift`: what monitoring asks
///
/// One actor on a thread of its own, because SQLite waits for the disk.
public actor Node {
  let home: NodeHome
  let ledger: LedgerStore
  let vault: VaultStore
  var author: Author?
  let sealer: HashKeySealer
  let version: String
  let logger: Logger
  let door: PeerDoor
  let announcements: Announcements
  let counter: IndicatorCounter
  let desk: ScreeningDesk
  let late: LateWatch
  let certificate: NodeCertificate
  /// What this node does by itself, and in the name of whoever asks it to.
  let audit: AuditTrail
  let lines: Lines
  let dialling: Dialling
  /// What visits peers that cannot dial us, with the client that it goes by.
  var offers: [CoalitionID: (offer: ReverseOffer, client: PeerClient)] = [:]
  var offersDue: UInt64 = 0
  var rosterIsSettled = false
  /// When hash keys that we proposed are next to be taken; nil when none waits.
  var proposedKeysDue: UInt64? = 0
  /// When positions of coalitions that are members no longer are next to be deleted; nil when none are left.
  var formerMembersDue: UInt64? = 0
  /// When the next part of forgotten positions is to be deleted; nil when nothing is left of them.
  var discardDue: UInt64? = 0
  var isDiscarding = false
  /// Peers that call us because nobody can dial them.
  var calling: Set<CoalitionID> = []
  /// Who last told us, and when, of another instance with our keys.
  var doubledBy: [CoalitionID: UInt64] = [:]
  let pacedStart: UInt64
  private let lease: InstanceLease
  private let loop: any EventLoop
  private let trustBox: TrustBox
  let applying: ApplyingNote
  /// What the process before died of, until a head of that coalition is applied.
  var suspect: ApplyingNote.Suspect?
  /// Coalitions of whose heads this node has died twice.
  var crashHolds: [CoalitionID: Problem]
  let refusals = RecentRefusals()
  let traffic = Traffic()

  var membership: Membership
  /// What is known of the roster that comes next.
  var next: OpenRoster
  var puller: Puller
  var gate: SignGate
  var mark: SignMark?
  var startedAt: UInt64
  var lastSignedAt: UInt64 = 0
  var hasQueue = true
  /// Whether our newest epoch has no head yet: its first one is signed even without changes.
  var opensEpoch: Bool
  var signingProblem: (Problem, retryAt: UInt64)?
  var receiptDue: UInt64
  /// When held member records are next to be looked at.
  var heldRecordsDue: UInt64 = 0
  var heardSaved: (at: UInt64, peers: Int) = (0, 0)
  private var certificateDue: UInt64 = 0
  private var lateDue: UInt64 = 0
  var erasures = OpenErasures()
  var expiry = ExpiryRound()
  var rehash = RehashRound()
  /// When each coalition's newest heads were applied, to know which of them a peer must have by now.
  var appliedAt: [CoalitionID: [(head: HeadReference, at: UInt64)]] = [:]
  var roundTrips: [CoalitionID: Double] = [:]
  var notes: [CoalitionID: String] = [:]
  /// Since when copies of whole positions are under way in this process.
  var copyPaces: [CoalitionID: CopyStatus.Pace] = [:]
  /// Closes the connections that a peer has made to us.
  var closeIncoming: @Sendable (CoalitionID) -> Void = { _ in }
  /// What a changed record and a new certificate of ours do to connections that peers have made to us.
  private var judgeIncoming: @Sendable () async -> Void = {}
  private var renewIncoming: @Sendable () -> Void = {}

  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

  /// - Throws: `Problem` if the store cannot be read, or a decided head cannot be published.
  public init(_ materials: NodeMaterials, version: String, logger: Logger) throws {
    home = materials.home
    lease = materials.lease
    ledger = materials.ledger
    vault = materials.vault
    author = materials.author
    sealer = materials.sealer
    membership = materials.membership
    next = materials.next
    certificate = materials.certificate
    audit = try AuditTrail.ofNode(materials.home.folder)
    try audit.write(AuditNote(.nodeStarted, on: "vaka \(version)"))
    self.version = version
    self.logger = logger
    // A thread of its own: the store's work takes as long as the disk does, and no connection may wait for it.
    loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
    let now = Self.milliseconds()
    startedAt = now
    receiptDue = Self.pace() + 1_000
    if let replayed = try ledger.replayIfNew(), replayed.freed > 0 {
      logger.notice(
        "statements that were set aside count by this version's rules", metadata: ["vaka.freed": "\(replayed.freed)"])
    }
    counter = try IndicatorCounter(ledger, now: Self.pace())
    desk = try ScreeningDesk(home, ledger: ledger)
    late = LateWatch(home, ledger: ledger, logger: logger)
    announcements = Announcements(process: FreshKeys.bytes(8))
    applying = ApplyingNote(materials.home.folder.applying)
    suspect = applying.suspect()
    crashHolds = try Self.crashHolds(suspect, ledger, version: version)
    if let suspect {
      logger.warning(
        "the process before ended while it applied a head",
        metadata: ["vaka.head": "\(suspect.head)", "vaka.deaths": "\(suspect.deaths)"])
    }
    let coalition = home.coalition
    let (gate, mark) = try OwnHead.settle(materials)
    opensEpoch = try Self.opensEpoch(coalition, membership, ledger)
    self.gate = gate
    self.mark = mark
    let paused = Set(try ledger.view { try $0.peers().filter(\.isPaused).map(\.coalition) })
    puller = Puller(
      alliance: membership.alliance, ours: coalition, members: membership.roster.coalitions,
      frontier: try ledger.read { try $0.frontier() }.filter {
        $0.coalition == materials.home.coalition || materials.membership.counts($0)
      },
      paused: paused, records: materials.next.recordNames(in: membership),
      forks: try Self.openForks(in: materials.membership, ledger),
      missingHashKeys: materials.sealer.missing, roster: membership.roster.number, deliberation: materials.next.digest,
      seed: UInt64.random(in: .min ... .max))
    let trustBox = TrustBox(NodeMaterials.trust(membership))
    self.trustBox = trustBox
    let instance = FreshKeys.bytes(16)
    let dialling = Dialling(
      certificate: certificate, trustBox: trustBox, refusals: refusals, traffic: traffic,
      instance: Hexadecimal.encode(instance))
    self.dialling = dialling
    let known = membership
    lines = Lines(to: known.roster.coalitions.filter { $0 != coalition }) { peer in
      PeerLine(
        dialling.client(of: peer, in: known), canBeDialled: !Dialling.endpoints(of: peer, known).isEmpty)
    }
    door = PeerDoor(
      coalition: coalition, ledger: ledger, membership: membership, next: materials.next, sealer: materials.sealer,
      instance: instance,
      version: version, announcements: announcements, paused: paused, traffic: traffic, lines: lines)
    pacedStart = Self.pace()
    for head in try ledger.read({ try $0.frontier() }) { appliedAt[head.coalition] = [(head, 0)] }
  }

  /// The server that peers dial; a node runs it beside itself.
  public nonisolated func peerServer(host: String, port: Int) -> PeerServer {
    let (certificate, trustBox, door, refusals, traffic) = (certificate, trustBox, door, refusals, traffic)
    return PeerServer(
      host: host, port: port, identity: { certificate.identity }, trust: { trustBox.trust },
      admits: { door.admits($0) },
      refused: {
        refusals.note($0)
        traffic.refused($0.refusal.code)
      }, logger: logger, handle: { await door.answer($0, $1) })
  }

  public func setCloseIncoming(_ close: @escaping @Sendable (CoalitionID) -> Void) { closeIncoming = close }

  public func setIncoming(judgeAgain: @escaping @Sendable () async -> Void, renew: @escaping @Sendable () -> Void) {
    judgeIncoming = judgeAgain
    renewIncoming = renew
  }

  /// Lets time pass: due requests, signatures and receipts. Called every few milliseconds.
  public func tick() {
    settleRosterAtStart()
    takeProposedHashKeysIfDue()
    forgetFormerMembers()
    deleteForgotten()
    feed(.tick)
    expireWhatIsPast()
    rehashWhatIsOld()
    eraseWhatIsDue()
    signWhatIsDue()
    makeReceiptIfDue()
    letHeldRecordsPass()
    saveHeard()
    offerIfDue()
    counter.countIfDue(now: Self.pace())
    compareLateIfDue()
    renewCertificateIfDue()
  }

  /// At start, and now and then, because a listing's first day may come without a head.
  private func compareLateIfDue() {
    let now = Self.pace()
    guard now >= lateDue else { return }
    lateDue = now + 3_600_000
    late.catchUp(at: Self.milliseconds())
  }

  private func renewCertificateIfDue() {
    let now = Self.pace()
    guard now >= certificateDue else { return }
    certificateDue = now + 60_000
    do {
      if try certificate.renewIfDue(now: Date()) {
        logger.notice("the node's certificate was renewed")
        showCertificate()
        writeDown(AuditNote(.certificateRenewed, after: "until \(certificate.ends.formatted(.iso8601))"))
      }
    } catch {
      certificateDue = now + 3_600_000
      logger.error(
        "the node's certificate could not be renewed",
        metadata: ["vaka.code": "\(error.code)", "vaka.reason": "\(error.what)"])
    }
  }

  /// Ends all links and closes the stores.
  public func stop() async {
    stopOffers()
    for (_, line) in lines.all { await line.close() }
    late.close()
    writeDown(AuditNote(.nodeStopped, on: "vaka \(version)"))
    audit.close()
    try? ledger.close()
    try? vault.close()
  }

  /// Of what the node does by itself, and would not leave undone for want of a log.
  func writeDown(_ note: AuditNote, forgetting references: [String] = []) {
    do {
      try audit.write(note, forgetting: references)
    } catch {
      logger.error("the audit log cannot be written", metadata: ["vaka.reason": "\(error.what)"])
    }
  }

  static func opensEpoch(_ coalition: CoalitionID, _ membership: Membership, _ ledger: LedgerStore) throws -> Bool {
    guard let epoch = membership.record(of: coalition)?.epochs.last?.number,
      let head = try ledger.read({ try $0.position(of: coalition).head })
    else { return false }
    return head.epoch < epoch
  }

  func changeMembership(_ membership: Membership) {
    let isOtherRoster = membership.roster.number != self.membership.roster.number
    self.membership = membership
    if isOtherRoster, let home = try? NodeHome(home.folder) {
      desk.change(to: home)
      late.change(to: home)
      rehashSoon()
    }
    door.membership = membership
    trustBox.trust = NodeMaterials.trust(membership)
    for (peer, line) in lines.all { line.setEndpoints(Dialling.endpoints(of: peer, membership)) }
    counter.noteChange()
    // A record may have taken an authority or a certificate back: what it no longer allows ends now.
    let (trust, lines, judgeIncoming) = (trustBox.trust, lines, judgeIncoming)
    Task.detached {
      await judgeIncoming()
      for (_, line) in lines.all { await line.judgeLinksAgain(by: trust) }
    }
    // Made anew within a second, by what the record says now.
    stopOffers()
  }

  /// From the next request on, every link is a new one and shows the certificate that we have now.
  func showCertificate() {
    renewIncoming()
    for (_, line) in lines.all { line.renewLinks() }
    stopOffers()
  }

  var trust: PeerTrust { trustBox.trust }

  nonisolated static func milliseconds() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970) * 1_000) }

  private static let start = (wall: milliseconds(), at: ContinuousClock.now)

  /// Milliseconds that never go back and never jump, for pauses, retries and what is due: a clock that is put right must not
  /// keep a node silent until the day it had been set to.
  nonisolated static func pace() -> UInt64 {
    start.wall + UInt64(max(0, (ContinuousClock.now - start.at) / .milliseconds(1)))
  }

  /// What the wall clock, as it goes now, said at a time of `pace()`: how long ago something was must not follow a clock that is
  /// put right.
  nonisolated static func wall(_ paced: UInt64) -> UInt64 {
    let (wall, now) = (milliseconds(), pace())
    return wall - min(wall, now - min(now, paced))
  }
}
