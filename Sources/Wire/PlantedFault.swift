#if PLANTED_FAULTS
  internal import Glibc
#endif

/// Deliberate mistakes, each against one rule of the ledger: the simulation must catch every one of them.
///
/// A build for use holds none: without `PLANTED_FAULTS` the question is the constant `false`.
public enum PlantedFault: String, Sendable, CaseIterable {
  // MARK: what was signed
  case seenBeforeCommit = "seen-before-commit"
  case syncNotAwaited = "sync-not-awaited"
  case signedBeforeDurable = "signed-before-durable"
  case requeueForgotten = "requeue-forgotten"
  case queueClearedEarly = "queue-cleared-early"
  case noAskBeforeSign = "no-ask-before-sign"
  case ownHeadIgnored = "own-head-ignored"
  case markIgnored = "mark-ignored"
  case unreadHeadCounts = "unread-head-counts"
  case closedHeadNoAnswer = "closed-head-no-answer"
  case adoptedWithoutMark = "adopted-without-mark"
  // MARK: epochs and forks
  case cutIgnored = "cut-ignored"
  case forkProofNotPassedOn = "fork-proof-not-passed-on"
  case forkedHeadsApplied = "forked-heads-applied"
  case forkedGoesOnSigning = "forked-goes-on-signing"
  case forkNotShown = "fork-not-shown"
  case forkOutlivesEpoch = "fork-outlives-epoch"
  case forkFetchedAgain = "fork-fetched-again"
  // MARK: validity
  case clockInValidity = "clock-in-validity"
  case retirementByTime = "retirement-by-time"
  case signatureNotChecked = "signature-not-checked"
  case pooledAuthorities = "pooled-authorities"
  case signedAtFollowsClock = "signed-at-follows-clock"
  case contentStalls = "content-stalls"
  case linkFaultHolds = "link-fault-holds"
  case coalitionFaultDropsLink = "coalition-fault-drops-link"
  case timeGoesBack = "time-goes-back"
  case holdOutlivesCause = "hold-outlives-cause"
  // MARK: position
  case deltaNotChecked = "delta-not-checked"
  case replacedNotSubtracted = "replaced-not-subtracted"
  case removedRowStays = "removed-row-stays"
  case liveDigestNotChecked = "live-digest-not-checked"
  case duplicateLeafMerkle = "duplicate-leaf-merkle"
  // MARK: snapshot and window
  case snapshotNotChecked = "snapshot-not-checked"
  case snapshotHistoryNotChecked = "snapshot-history-not-checked"
  case pruneDuringSession = "prune-during-session"
  case floorIgnored = "floor-ignored"
  case copyForgetsTime = "copy-forgets-time"
  // MARK: rosters
  case quorumTooSmall = "quorum-too-small"
  case newMembersNotAsked = "new-members-not-asked"
  case highestVoteIgnored = "highest-vote-ignored"
  case votesBelowPromise = "votes-below-promise"
  case ownStatementsForgotten = "own-statements-forgotten"
  case saidBeforeKept = "said-before-kept"
  case rosterBeforeDurable = "roster-before-durable"
  // MARK: what a roster does
  case removedPositionKept = "removed-position-kept"
  case removedHeadsApplied = "removed-heads-applied"
  case retiredReceiptsCount = "retired-receipts-count"
  case removedStillServed = "removed-still-served"
  case retiredEpochCounts = "retired-epoch-counts"
  case retiredEpochSigns = "retired-epoch-signs"
  case oldIdentitySigns = "old-identity-signs"
  // MARK: hash keys
  case newKeyToRemoved = "new-key-to-removed"
  case removedMakesKey = "removed-makes-key"
  case oldKeyClosedEarly = "old-key-closed-early"
  case earlierDigestNotLinked = "earlier-digest-not-linked"
  case movedListingStays = "moved-listing-stays"
  case closedDigestStays = "closed-digest-stays"
  // MARK: stolen keys
  case floodNotHeld = "flood-not-held"
  case releaseForgotten = "release-forgotten"
  case firstOfTwoRecordsCounts = "first-of-two-records-counts"
  case endedRecordWaitedFor = "ended-record-waited-for"
  // MARK: erasure and breaker
  case erasedTooEarly = "erased-too-early"
  case floorNotRaisedPast = "floor-not-raised-past"
  case breakerNeverTrips = "breaker-never-trips"
  // MARK: fetching
  case heldForEver = "held-for-ever"
  case avoidedForEver = "avoided-for-ever"
  case fetchWithoutLimit = "fetch-without-limit"
  case backoffWithoutCap = "backoff-without-cap"
  case receiptsNotRelayed = "receipts-not-relayed"
  case receiptNumberCounts = "receipt-number-counts"
  case bodiesToEveryone = "bodies-to-everyone"
  case fetchDiesWithLink = "fetch-dies-with-link"
}

#if PLANTED_FAULTS
  /// What the simulator planted; set before a run, on one thread.
  public enum Planted {
    nonisolated(unsafe) public static var fault = getenv("PLANT").flatMap {
      PlantedFault(rawValue: String(cString: $0))
    }
    /// A clock for mistakes that look at one, in milliseconds since 1970; pure rooms have none.
    nonisolated(unsafe) public static var now: UInt64 = 0
  }

  @inline(__always) public func planted(_ fault: PlantedFault) -> Bool { Planted.fault == fault }
#else
  @inlinable @inline(__always) public func planted(_ fault: PlantedFault) -> Bool { false }
#endif
