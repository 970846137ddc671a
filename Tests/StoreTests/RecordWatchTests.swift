import Foundation
import Replication
import Testing
import Wire

@testable import Store

/// How fast records came is remembered across restarts.
@Suite struct RecordWatchTests {
  @Test func isKept() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "watch-\(UInt32.random(in: .min ... .max))").path
    try LedgerStore.create(path)
    defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
    let (no, se) = (try #require(CoalitionID("no")), try #require(CoalitionID("se")))
    let held = RecordWatch(wholeAt: 7, arrivals: [1, 2, 1 << 60], heldAt: 9, heldNumber: 12, passesUntil: 4)
    var store = try LedgerStore.open(path)
    #expect(try store.view { try $0.recordWatch(of: no) } == RecordWatch())
    try store.transaction { transaction in
      try transaction.save(held, of: no)
      try transaction.save(RecordWatch(arrivals: [3]), of: se)
    }
    try store.close()
    store = try LedgerStore.open(path)
    #expect(try store.view { try $0.recordWatch(of: no) } == held)
    #expect(try store.view { try $0.recordWatch(of: se) } == RecordWatch(arrivals: [3]))
    #expect(try store.view { try $0.heldRecordWatches() }.map(\.coalition) == [no])
    try store.close()
  }
}
