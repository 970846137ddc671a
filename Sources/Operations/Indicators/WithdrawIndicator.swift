internal import Control
internal import Ledger
internal import Store
public import Wire

/// `vaka indicator withdraw`: our own listing goes, everywhere.
public struct WithdrawIndicator: Sendable, Codable {
  public let reference: String
  public let outcome: String
  public let nodeRunning: Bool

  /// - Throws: `Problem` `not-ours` if we do not list it, or as `Reference.resolve`.
  public static func run(_ home: NodeHome, reference: String) throws -> WithdrawIndicator {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    let (digest, key) = try ledger.view { view in
      let digest = try Reference.resolve(reference, in: view)
      guard let key = try view.ownKey(.listing, on: digest, coalition: home.coalition) else {
        throw Problem(
          "not-ours", "\(home.coalition) does not list this; only its own coalition can withdraw a listing",
          object: reference)
      }
      return (digest, key)
    }
    try ledger.close()
    let door = try NodeDoor(home)
    let answer = try door.submit(Submission(items: [.withdraw(key)]))
    return WithdrawIndicator(
      reference: Reference.of(digest), outcome: answer.accepted == 1 ? "withdrawn" : "already-withdrawn",
      nodeRunning: door.isRunning)
  }
}

/// Who holds a head of ours, by receipt: what `withdraw --wait` waits for.
public struct HeadCoverage: Sendable, Codable {
  public struct Question: Sendable, Codable {
    /// Nil: the newest head, once nothing is queued.
    public let epoch: UInt32?
    public let index: UInt64?

    public init(epoch: UInt32? = nil, index: UInt64? = nil) {
      self.epoch = epoch
      self.index = index
    }
  }

  /// Nil while changes still wait to be signed.
  public let epoch: UInt32?
  public let index: UInt64?
  public let held: [CoalitionID]
  public let lacking: [CoalitionID]
  /// Why nothing is signed, if so.
  public let waitingFor: String?

  public init(
    epoch: UInt32?, index: UInt64?, held: [CoalitionID], lacking: [CoalitionID], waitingFor: String?
  ) {
    self.epoch = epoch
    self.index = index
    self.held = held
    self.lacking = lacking
    self.waitingFor = waitingFor
  }

  public static func ask(_ home: NodeHome, _ question: Question) throws(Problem) -> HeadCoverage {
    try NodeCall.coverage.ask(
      ControlClient(path: home.folder.controlSocket), question, for: HeadCoverage.self, seconds: 10)
  }
}
