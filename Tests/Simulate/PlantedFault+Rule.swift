internal import Wire

extension PlantedFault {
  /// The rule that it breaks.
  var rule: String {
    switch self {
    case .seenBeforeCommit: "relay after own commit"
    case .syncNotAwaited: "prepare before signing: durable"
    case .signedBeforeDurable: "prepare before signing: order"
    case .requeueForgotten: "a discarded head's changes are queued again"
    case .queueClearedEarly: "the queue is cleared with the head"
    case .noAskBeforeSign: "ask before signing"
    case .ownHeadIgnored: "signing stops at a head of ours that we lack"
    case .markIgnored: "a mark that differs: all must answer"
    case .cutIgnored: "a closed epoch ends at its cut"
    case .forkProofNotPassedOn: "everyone passes fork proofs on"
    case .forkedHeadsApplied: "nothing is applied past a proven fork"
    case .forkedGoesOnSigning: "a proven fork ends signing"
    case .forkNotShown: "the whole coalition shows as forked"
    case .clockInValidity: "validity looks at no clock"
    case .retirementByTime: "a key is never retired by a time"
    case .signatureNotChecked: "the epoch's key signs"
    case .pooledAuthorities: "nobody vouches for another"
    case .signedAtFollowsClock: "a head's time never goes back"
    case .contentStalls: "content never stalls anything"
    case .linkFaultHolds: "whose fault: the link's"
    case .coalitionFaultDropsLink: "whose fault: the coalition's"
    case .deltaNotChecked: "the delta against the head"
    case .replacedNotSubtracted: "the row that was stored is subtracted"
    case .removedRowStays: "erasure is deletion"
    case .liveDigestNotChecked: "our digest against the head's"
    case .duplicateLeafMerkle: "history root of RFC 9162"
    case .snapshotNotChecked: "the digest is compared before the swap"
    case .snapshotHistoryNotChecked: "the root proves the history"
    case .pruneDuringSession: "every have and floor has a legal next request"
    case .floorIgnored: "deltas below the floor go"
    case .erasedTooEarly: "erased is shown when everyone's receipt is in"
    case .floorNotRaisedPast: "the floor goes past the erasing head"
    case .breakerNeverTrips: "a mass withdrawal is held"
    case .heldForEver: "a hold ends"
    case .avoidedForEver: "then from the next"
    case .fetchWithoutLimit: "a fetch has a time limit"
    case .backoffWithoutCap: "back-off is capped"
    case .receiptsNotRelayed: "everyone passes receipts on"
    case .receiptNumberCounts: "a restored store's receipts are newer"
    case .bodiesToEveryone: "a body is fetched once"
    case .quorumTooSmall: "two quorums share more members than may lie"
    case .newMembersNotAsked: "a quorum of the new roster votes for it"
    case .highestVoteIgnored: "a later round repeats the highest vote that its promises name"
    case .votesBelowPromise: "no vote below a promise"
    case .ownStatementsForgotten: "what others show of our statements counts as kept"
    case .saidBeforeKept: "what is united is durable before it is shown"
    case .rosterBeforeDurable: "a roster is durable before it is in force"
    case .removedPositionKept: "positions of who is removed go, after a crash too"
    case .removedHeadsApplied: "a head of who is removed counts for nothing"
    case .retiredReceiptsCount: "a receipt of an epoch that a removal ended counts for nothing"
    case .removedStillServed: "links with who is removed are closed"
    case .retiredEpochCounts: "who comes back counts above its last epoch only"
    case .retiredEpochSigns: "who comes back signs in a new epoch"
    case .oldIdentitySigns: "records above the pin are signed by the new identity key"
    case .newKeyToRemoved: "a hash key is sealed to members alone"
    case .removedMakesKey: "who goes does not make the hash key that comes with it"
    case .oldKeyClosedEarly: "a hash key closes when nothing is left under it"
    case .earlierDigestNotLinked: "a listing that moves carries its earlier digest"
    case .movedListingStays: "a move is a put and a remove"
    case .closedDigestStays: "no statement names a digest under a closed key"
    case .floodNotHeld: "more than four records a day wait"
    case .releaseForgotten: "what is held passes once it is released"
    case .firstOfTwoRecordsCounts: "of two records of one number neither counts"
    case .endedRecordWaitedFor: "a head stands on the key of its epoch, whatever record it names"
    case .unreadHeadCounts: "a head of ours that cannot be read yet is no answer"
    case .closedHeadNoAnswer: "a head that a cut has ended is an answer"
    case .adoptedWithoutMark: "adopted only what the mark names or the epoch goes on from"
    case .forkOutlivesEpoch: "a new epoch is the way out of a fork"
    case .forkFetchedAgain: "nothing past a proven fork is fetched"
    case .timeGoesBack: "a head's time before the last one's is a broken rule"
    case .copyForgetsTime: "a copy goes on from its head's time"
    case .holdOutlivesCause: "a good head ends the hold"
    case .fetchDiesWithLink: "whatever was asked of a dropped peer is asked of another"
    }
  }

  /// Whether it is a mistake in how rosters are decided, which has a simulation of its own.
  var isOfCouncil: Bool {
    switch self {
    case .quorumTooSmall, .newMembersNotAsked, .highestVoteIgnored, .votesBelowPromise, .ownStatementsForgotten,
      .saidBeforeKept, .rosterBeforeDurable, .removedPositionKept, .removedHeadsApplied,
      .retiredReceiptsCount, .removedStillServed, .retiredEpochCounts, .retiredEpochSigns, .oldIdentitySigns,
      .newKeyToRemoved, .removedMakesKey, .oldKeyClosedEarly, .earlierDigestNotLinked, .movedListingStays,
      .closedDigestStays, .floodNotHeld, .releaseForgotten, .firstOfTwoRecordsCounts, .endedRecordWaitedFor:
      true
    default: false
    }
  }
}
