/// What a run came to.
public struct Report: Sendable {
  public internal(set) var seed: UInt64 = 0
  public internal(set) var nodes = 0
  /// Simulated milliseconds.
  public internal(set) var simulated: UInt64 = 0
  public internal(set) var trace: UInt64 = 0
  public internal(set) var events: UInt64 = 0
  public internal(set) var requests: UInt64 = 0
  public internal(set) var faults: [String: Int] = [:]
  public internal(set) var heads = 0
  /// Heads that came from another node than the one that signed them.
  public internal(set) var relayed = 0
  /// Whole positions taken by snapshot, and answers taken into copies.
  public internal(set) var copies = 0
  public internal(set) var pages = 0
  /// Requests and answers that did not come through.
  public internal(set) var lost = 0
  public internal(set) var crashes = 0
  /// Positions that nodes had back from their peers by themselves, and epochs that operators opened.
  public internal(set) var recoveries = 0
  public internal(set) var epochs = 0
  /// Second heads signed in the place of a first, by machines that were copied or set back; nodes that kept a proof of it.
  public internal(set) var forks = 0
  public internal(set) var proofs = 0
  public internal(set) var erasures = 0
  /// Heads held because they take back too much.
  public internal(set) var breakers = 0
  /// From the end of the trouble until all agreed, in milliseconds; nil: they never did.
  public internal(set) var agreedAfter: UInt64?
  /// Bytes of deltas and rows that came, and of those that were new to the node that they came to.
  public internal(set) var bodies: [Report.BodyFate: UInt64] = [:]
  public internal(set) var newBytes: UInt64 = 0
  /// Of those, what whole copies that were finished came to.
  public internal(set) var copiedBytes: UInt64 = 0
  public internal(set) var allBytes: UInt64 = 0
  public internal(set) var headsBytes: UInt64 = 0
  /// The first rule that was broken, and by which check it was found.
  public internal(set) var violation: Violation?
  public internal(set) var lastLines: [String] = []

  public struct Violation: Sendable, Hashable, Error {
    public let check: Check
    public let what: String
  }

  /// The properties that a run is held to.
  public enum Check: String, Sendable, CaseIterable {
    case noSelfFork = "no honest coalition forks itself"
    case nothingAcknowledgedLost = "nothing acknowledged is lost"
    case shownIsDurable = "what was shown as applied is there after a crash"
    case positionMatchesHead = "no position differs from its head"
    case onlyWhatWasSigned = "nothing visible that its coalition did not sign"
    case honestNotHeld = "no honest coalition is held for a link's fault"
    case signingGoesOn = "a node that only crashed goes on signing"
    case deltasEndAtFloor = "no delta below the floor is kept"
    case historyIsMerkle = "the history root is that of RFC 9162"
    case bounded = "memory and queues are bounded"
    case agreement = "after healing all agree within the limit"
    case bytesOnce = "bodies travel once"
    case noError = "nothing fails that should not"
    case nobodyUnasked = "every peer is asked again within the longest pause"
    case receiptsCount = "a receipt is newer than those that its node has forgotten"
    case nothingPastCut = "nothing of a closed epoch is applied past its cut"
    case forkStops = "nothing is applied or signed past a proven fork"
    case forkIsKnown = "who signed two histories is shown as forked by everyone"
    case rulesHold = "no head that breaks a rule is applied"
    case linkStays = "a coalition's fault costs no link"
    case nothingRemains = "what is shown as erased is on no disk"
    case breakerHolds = "a mass withdrawal waits for the operator"
    case oneRoster = "no two rosters of one number are in force"
    case rosterHasQuorum = "a roster in force has the votes of a quorum of the members before and of its own"
    case honestIsConsistent = "no honest member contradicts itself"
    case onlyMembersCount = "nobody counts what somebody says who is no member"
    case onlyMembersStored = "nothing of who is removed is stored, applied or shown"
    case retiredEpochEnds = "nothing of an epoch that a removal ended is signed or counts again"
    case membersOnlyAreTold = "who is no member is told nothing"
    case saidIsDurable = "what was told of rosters is there after a crash"
    case identityOfRoster = "records are signed by the identity key that the roster names"
    case hashKeyForMembers = "a hash key is for those who are members since it was opened"
    case foundByOpenKey = "a listing is found by an open hash key, and by the oldest where the newest is not here"
    case listedOnce = "what is listed stands once, moved or not"
    case underNewestKey = "in the end every listing stands under the newest hash key alone"
    case floodWaits = "more than four records of a coalition in a day wait until they are released"
    case neitherRecordCounts = "of two records of one number neither counts until a roster pins one"
    case allKnowTheSame = "after healing all know the same of the next roster"
    case councilDecides = "a quorum that answers decides, and all have the same rosters"
  }

  /// Bytes of bodies that came.
  public var bodyBytes: UInt64 { bodies.values.reduce(0, +) }

  /// Bytes of bodies for every new byte: what the nodes themselves ask for twice. What the network doubles, what was altered on
  /// the way or breaks a rule, and what a full disk or a crash undid is somebody else's.
  public var waste: Double {
    let own = bodyBytes - bodies[.doubled, default: 0] - bodies[.altered, default: 0] - bodies[.undone, default: 0]
    return newBytes == 0 ? 1 : Double(own) / Double(newBytes)
  }

  /// What a body that came was good for.
  public enum BodyFate: String, CaseIterable, Sendable {
    /// Applied.
    case new
    /// The head was applied before.
    case late
    /// Good, and not applied: something else had to come first.
    case unused
    /// Good, and lost to a full disk or a crash.
    case undone
    /// The network brought the answer a second time.
    case doubled
    /// Not what its coalition signed, or what breaks a rule.
    case altered
    /// Rows of a copy.
    case copy
  }
}
