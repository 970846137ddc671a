internal import Alliance
internal import Operations
internal import Telemetry
internal import Wire

/// Everything that one scrape is made of, gathered before: metrics are a function of it.
struct NodeReading {
  let status: NodeStatus
  let counts: Traffic.Counts
  /// Seconds until a certificate ends, by coalition.
  let certificatesLeft: [CoalitionID: Double]
  /// Seconds until the last authority of a coalition's record ends.
  let authoritiesLeft: [CoalitionID: Double]
  let process: ProcessReading
  /// Seconds since 1970.
  let startedAt: Double

  private typealias Sample = MetricFamily.Sample
  private typealias Label = MetricFamily.Label

  /// In the order of the list.
  var families: [MetricFamily] { NodeMetric.allCases.map { $0.family(samples(of: $0)) } }

  private func samples(of metric: NodeMetric) -> [MetricFamily.Sample] {
    switch metric {
    case .buildInformation:
      [
        Sample(
          1, [Label("version", status.node.version), Label("coalition", status.node.coalition.rawValue)])
      ]
    case .startTime: [Sample(startedAt)]
    case .residentMemory: [process.residentBytes].compactMap { $0.map { Sample(Double($0)) } }
    case .openDescriptors: [process.openDescriptors].compactMap { $0.map { Sample(Double($0)) } }
    case .statements: [Sample(Double(status.holding.statements))]
    case .indicators: [Sample(Double(status.holding.indicators))]
    case .quarantined: [Sample(Double(status.holding.quarantined))]
    case .unseenLateMatches: [Sample(Double(status.unseenLateMatches))]
    case .queued: [Sample(Double(status.signing.queued))]
    case .signing: one(of: ["ready", "waiting", "stopped"], is: status.signing.state, label: "state")
    case .ownHeadHeldBy: [Sample(Double(status.signing.heldBy))]
    case .doubled: [Sample(Double(status.node.doubledBy.count))]
    case .certificateLeft: byCoalition(certificatesLeft)
    case .authorityLeft: byCoalition(authoritiesLeft)
    case .peers, .peerLink, .peerAgreement, .peerLastHeard, .peerRoundTrip, .peerWeLack, .peerTheyLack:
      peerSamples(of: metric)
    case .headEpoch: positions { Double($0.epoch) }
    case .headIndex: positions { Double($0.index) }
    case .positionStatements: positions { Double($0.statements) }
    case .positionBytes: positions { Double($0.liveBytes) }
    case .hashKeyListings:
      status.positions.flatMap { position in
        position.listingsByKey.map {
          Sample(
            Double($0.listings), [Label("coalition", position.coalition.rawValue), Label("key", "\($0.keyEpoch)")])
        }
      }
    case .hashKeysMissing: [Sample(Double(status.hashKeys.count { $0.here == false }))]
    case .notRehashed: [Sample(Double(status.holding.withoutPlaintext ?? 0))]
    case .heldRecords:
      status.heldRecords.map {
        Sample(1, [Label("coalition", $0.coalition.rawValue), Label("code", $0.problem.code)])
      }
    case .hold: positions { $0.hold == nil ? 0 : 1 }
    case .received: byCoalition(counts.received.mapValues { Double($0) }, label: "peer")
    case .sent: byCoalition(counts.sent.mapValues { Double($0) }, label: "peer")
    case .asked: exchanges(counts.asked)
    case .answered: exchanges(counts.answered)
    case .refused:
      counts.refusals.sorted { $0.key.rawValue < $1.key.rawValue }.map {
        Sample(Double($0.value), [Label("code", $0.key.rawValue)])
      }
    case .appliedHeads: byCoalition(counts.appliedHeads.mapValues { Double($0) })
    case .appliedChanges: byCoalition(counts.appliedChanges.mapValues { Double($0) })
    case .copies: byCoalition(counts.copies.mapValues { Double($0) })
    case .refusedHeads:
      counts.faults.sorted { ($0.key.coalition, $0.key.code) < ($1.key.coalition, $1.key.code) }.map {
        Sample(Double($0.value), [Label("coalition", $0.key.coalition.rawValue), Label("code", $0.key.code)])
      }
    case .storeFailures: [Sample(Double(counts.storeFailures))]
    }
  }

  private func peerSamples(of metric: NodeMetric) -> [MetricFamily.Sample] {
    let links = ["open", "connecting", "down", "paused"]
    return switch metric {
    case .peers:
      links.map { state in Sample(Double(peers.count { $0.link == state }), [Label("state", state)]) }
    case .peerLink:
      peers.flatMap { one(of: links, is: $0.link, label: "state", besides: [peerLabel($0)]) }
    case .peerAgreement:
      peers.flatMap {
        one(
          of: Agreement.allCases.map(\.rawValue), is: $0.agrees.rawValue, label: "agreement", besides: [peerLabel($0)])
      }
    case .peerLastHeard: perPeer { $0.lastHeardSeconds.map { Double($0) } }
    case .peerRoundTrip: perPeer { $0.roundTripMilliseconds.map { $0 / 1_000 } }
    case .peerWeLack: perPeer { $0.weLack.map { Double($0) } }
    case .peerTheyLack: perPeer { $0.theyLack.map { Double($0) } }
    default: []
    }
  }

  /// Always in the same order, unlike `status`, which shows the worst first.
  private var peers: [NodeStatus.Peer] { status.peers.sorted { $0.coalition < $1.coalition } }

  private func peerLabel(_ peer: NodeStatus.Peer) -> Label { Label("peer", peer.coalition.rawValue) }

  private func perPeer(_ value: (NodeStatus.Peer) -> Double?) -> [Sample] {
    peers.compactMap { peer in value(peer).map { Sample($0, [peerLabel(peer)]) } }
  }

  private func positions(_ value: (NodeStatus.PositionStatus) -> Double) -> [Sample] {
    status.positions.map { Sample(value($0), [Label("coalition", $0.coalition.rawValue)]) }
  }

  private func byCoalition(_ values: [CoalitionID: Double], label: String = "coalition") -> [Sample] {
    values.sorted { $0.key < $1.key }.map { Sample($0.value, [Label(label, $0.key.rawValue)]) }
  }

  private func exchanges(_ counts: [Traffic.Exchange: Int]) -> [Sample] {
    counts.sorted { ($0.key.peer, $0.key.resource, $0.key.outcome) < ($1.key.peer, $1.key.resource, $1.key.outcome) }
      .map { exchange, count in
        Sample(
          Double(count),
          [
            Label("peer", exchange.peer.rawValue), Label("resource", exchange.resource),
            Label("outcome", exchange.outcome),
          ])
      }
  }

  private func one(of all: [String], is current: String, label: String, besides labels: [Label] = []) -> [Sample] {
    all.map { Sample($0 == current ? 1 : 0, labels + [Label(label, $0)]) }
  }
}
