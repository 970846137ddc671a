internal import Alliance
internal import Control
internal import Keys
internal import Signing
internal import Store
internal import Wire

/// The next record of our own, signed by the identity key and put in force by the running node, which passes it on.
struct ChangeRecord {
  let home: NodeHome
  let client: ControlClient
  let record: MemberRecord
  private let alliance: ObjectHash

  /// Asks the running node for the record in force.
  /// - Parameter anyway: go on although peers would hold the next record, or have not told which one they have.
  /// - Throws: `Problem` `node-not-running`, `peers-unheard`, `record-flood`, or what the node says.
  init(_ home: NodeHome, anyway: Bool) throws(Problem) {
    self.home = home
    client = ControlClient(path: home.folder.controlSocket)
    let plan = try NodeCall.epochPlan.ask(client, for: EpochPlan.self)
    try plan.requireHeard(anyway: anyway)
    try plan.mayPublish(anyway: anyway)
    record = try plan.record()
    alliance = try plan.alliance()
  }

  /// - Returns: the new record.
  /// - Throws: `Problem` `identity-key-away`, `wrong-passphrase`, or what the node says; nothing is then changed.
  func run(_ change: RecordChange, identityKey: String?, passphrase: String) throws -> MemberRecord {
    let identity = try JoinAlliance.identity(of: home, at: identityKey, passphrase: passphrase)
    let next = try record.next(change, in: alliance, identity: identity)
    _ = try NodeCall.records.ask(
      client, RecordsQuestion(text: RecordsFile.text([next])), for: RecordsAnswer.self)
    return next
  }

  /// - Throws: `Problem` `record-not-everywhere`, with who lacks it.
  static func requireEverywhere(_ client: ControlClient, anyway: Bool) throws -> RecordHolders {
    let holders = try NodeCall.recordHolders.ask(client, for: RecordHolders.self, seconds: 60)
    guard holders.lacking.isEmpty || anyway else {
      let who = holders.lacking.map { "\($0.coalition) (\($0.why))" }.joined(separator: ", ")
      throw Problem(
        "record-not-everywhere", "these do not have our record \(holders.record), and would refuse us: \(who)",
        object: "record \(holders.record)",
        next: "wait until they have it, or hand them the file: vaka alliance record export; or go on with --anyway")
    }
    return holders
  }
}
