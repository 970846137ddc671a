internal import Telemetry

/// Every metric that a node shows; the raw value is its name. Dashboards and alerts depend on them: names are added,
/// none changes its meaning.
///
/// Ages and what is left of a certificate are seconds at the time of the scrape rather than points in time, so that the
/// clock of whoever scrapes does not matter.
enum NodeMetric: String, CaseIterable, Sendable {
  case buildInformation = "vaka_build_info"
  case startTime = "vaka_start_time_seconds"
  case residentMemory = "vaka_resident_memory_bytes"
  case openDescriptors = "vaka_open_fds"

  case peers = "vaka_peers"
  case peerLink = "vaka_peer_link"
  case peerAgreement = "vaka_peer_agreement"
  case peerLastHeard = "vaka_peer_last_heard_seconds"
  case peerRoundTrip = "vaka_peer_round_trip_seconds"
  case peerWeLack = "vaka_peer_we_lack_changes"
  case peerTheyLack = "vaka_peer_they_lack_changes"

  case statements = "vaka_statements"
  case indicators = "vaka_indicators"
  case quarantined = "vaka_quarantined_statements"
  case unseenLateMatches = "vaka_unseen_late_matches"
  case headEpoch = "vaka_head_epoch"
  case headIndex = "vaka_head_index"
  case positionStatements = "vaka_position_statements"
  case positionBytes = "vaka_position_live_bytes"
  case hold = "vaka_hold"
  case heldRecords = "vaka_held_records"
  case hashKeyListings = "vaka_hash_key_listings"
  case hashKeysMissing = "vaka_hash_keys_missing"
  case notRehashed = "vaka_listings_without_plaintext"

  case queued = "vaka_queued_changes"
  case signing = "vaka_signing_state"
  case ownHeadHeldBy = "vaka_own_head_held_by_peers"
  case doubled = "vaka_peers_meeting_second_node"

  case certificateLeft = "vaka_certificate_left_seconds"
  case authorityLeft = "vaka_authority_left_seconds"

  case received = "vaka_peer_received_bytes_total"
  case sent = "vaka_peer_sent_bytes_total"
  case asked = "vaka_peer_requests_sent_total"
  case answered = "vaka_peer_requests_served_total"
  case refused = "vaka_handshakes_refused_total"
  case appliedHeads = "vaka_applied_heads_total"
  case appliedChanges = "vaka_applied_changes_total"
  case copies = "vaka_positions_copied_total"
  case refusedHeads = "vaka_heads_refused_total"
  case storeFailures = "vaka_store_failures_total"

  var kind: MetricFamily.Kind { rawValue.hasSuffix("_total") ? .counter : .gauge }

  var help: String {
    switch self {
    case .buildInformation: "Always 1; which version runs, of which coalition."
    case .startTime: "When the node started, in seconds since 1970."
    case .residentMemory: "Memory of the process that is in RAM."
    case .openDescriptors: "Open file descriptors of the process."
    case .peers: "Peers by the state of the link to them."
    case .peerLink: "1 for the state of the link to a peer, 0 for the others."
    case .peerAgreement: "1 for whether a peer holds what we hold, by its newest receipt; 0 for the other answers."
    case .peerLastHeard: "Seconds since a peer last answered; absent if it never did since the start."
    case .peerRoundTrip: "How long a peer last took to answer a question that needs no work."
    case .peerWeLack: "Changes that a peer has shown and we lack; absent while it is not known."
    case .peerTheyLack: "Changes of ours and others that a peer's newest receipt does not cover; absent without one."
    case .statements: "Statements that are held, of all coalitions."
    case .indicators: "Distinct indicators that they are about."
    case .quarantined: "Statements that are held and left out of verdicts."
    case .unseenLateMatches: "Values screened before their listing came, at which nobody has looked."
    case .headEpoch: "The epoch of a coalition's newest head that is applied here."
    case .headIndex: "The index in its epoch of a coalition's newest head that is applied here."
    case .positionStatements: "Statements of one coalition that are held."
    case .positionBytes: "Bytes of one coalition's live rows, as its quota counts them."
    case .hold: "1 if a coalition is kept at its last good head, because what follows is not right."
    case .heldRecords: "1 for why the newest member records of a coalition are not in force here, by code."
    case .hashKeyListings: "Listings of one coalition by the hash key of their digests."
    case .hashKeysMissing: "Hash keys that are open and not here: what is listed under them does not match."
    case .notRehashed: "Listings of ours that cannot move to the newest hash key, because the vault does not have them."
    case .queued: "Changes of ours that are not signed yet."
    case .signing: "1 for whether we may sign: ready, waiting for peers, or stopped; 0 for the other states."
    case .ownHeadHeldBy: "Peers whose newest receipt covers our newest head."
    case .doubled: "Peers that say that a second node runs with our keys."
    case .certificateLeft:
      "Seconds until a coalition's certificate ends, ours and those of peers that we have linked to."
    case .authorityLeft: "Seconds until the last certificate authority in a coalition's member record ends."
    case .received: "Bytes of message bodies that a peer has answered."
    case .sent: "Bytes of message bodies that a peer was answered."
    case .asked: "Requests to a peer by resource and outcome: ok, or the code of what failed."
    case .answered: "Requests of a peer by resource and outcome: ok, or the status that it got."
    case .refused: "Handshakes that this node refused, as the one that was called and as the one that called, by code."
    case .appliedHeads: "Heads that were applied with their changes, ours included."
    case .appliedChanges: "Changes that came with them."
    case .copies: "Whole positions that were copied, without the changes that led to them."
    case .refusedHeads: "Times that a coalition's heads could not be applied, by code."
    case .storeFailures: "Times that the store could not take heads that were good."
    }
  }

  func family(_ samples: [MetricFamily.Sample]) -> MetricFamily {
    MetricFamily(name: rawValue, help: help, kind: kind, samples: samples)
  }
}
