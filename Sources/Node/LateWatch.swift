internal import Dispatch
internal import Indicators
internal import Logging
internal import Operations
internal import Store
internal import Synchronization
internal import Wire

/// Compares what is listed with what was screened and remembered before, on a thread of its own, and raises the alarm.
final class LateWatch: Sendable {
  private let path: String
  private let home: Mutex<NodeHome>
  private let ledger: LedgerStore
  private let logger: Logger
  private let queue = DispatchQueue(label: "vaka.late-matches", qos: .utility)
  private let opened = Mutex<ScreeningStore?>(nil)

  init(_ home: NodeHome, ledger: LedgerStore, logger: Logger) {
    path = home.folder.screening
    self.home = Mutex(home)
    self.ledger = ledger
    self.logger = logger
  }

  /// Another roster is in force: there may be other hash keys.
  func change(to home: NodeHome) { self.home.withLock { $0 = home } }

  /// These were just listed; nil if it is not known which.
  func noteListed(_ digests: [IndicatorDigest]?, at now: UInt64) {
    if let digests, digests.isEmpty { return }
    compare(at: now) { late in try digests.map { try late.note(listed: $0) } ?? late.catchUp() }
  }

  /// Compares everything, if something has changed since the last time.
  func catchUp(at now: UInt64) { compare(at: now) { try $0.catchUp() } }

  private func compare(at now: UInt64, _ body: @escaping @Sendable (LateMatches) throws -> Int) {
    queue.async {
      do {
        guard let log = try self.log() else { return }
        let late = try body(
          LateMatches(log, node: NodeSource(self.home.withLock { $0 }, ledger: self.ledger, now: now), now: now))
        guard late > 0 else { return }
        self.logger.warning(
          "what was screened before is listed now: vaka match list --new", metadata: ["vaka.matches": "\(late)"])
      } catch {
        self.logger.error(
          "what was screened before could not be compared with new listings", metadata: ["vaka.reason": "\(error)"])
      }
    }
  }

  /// Late hits that nobody has looked at.
  func unseen() -> Int { (try? log()?.unseenLateMatches()) ?? 0 }

  /// Nil while nothing was ever screened here.
  private func log() throws -> ScreeningStore? {
    try opened.withLock { opened in
      if opened == nil, try ScreeningStore.openReadOnly(path) != nil { opened = try ScreeningStore.open(path) }
      return opened
    }
  }

  func close() { queue.sync { opened.withLock { try? $0?.close() } } }
}
