import Audit
import Foundation
import RepositoryFiles
import Seeded
import Signing
import Testing
import Wire

/// Whatever is altered, lost, exchanged or put in between, by a byte or by an entry, the chain shows it and says where.
@Suite struct AuditChainTests {
  private static func actor(_ random: inout SeededRandom) -> AuditActor {
    AuditActor(
      via: random.happens(oneIn: 3) ? .node : .command, user: UInt32(random.below(70_000)), name: "anna \"a\" \\ å",
      login: random.happens(oneIn: 2) ? "" : "anna")
  }

  private struct Log {
    var lines: [String] = []
    var names: [[AuditName]] = []
    var head = AuditHead.empty
  }

  private static func log(_ entries: Int, seed: UInt64) -> Log {
    var random = SeededRandom(seed: seed)
    var log = Log()
    for _ in 0..<entries {
      let references = (0..<random.below(3)).map { "aabbccddee\($0)" }
      let names = references.map { AuditName(salt: random.bytes(16), reference: $0) }
      let act = AuditAct.allCases[Int(random.below(UInt64(AuditAct.allCases.count)))]
      let note = AuditNote(act, on: "tab\tand\nline \u{1}", before: "é", after: "🦊", count: Int(random.below(9)))
      let entry = AuditEntry(
        note, names: names, by: actor(&random), at: random.below(1 << 40), number: log.head.number + 1,
        previous: log.head.hash)
      log.lines.append(entry.line)
      log.names.append(names)
      log.head = AuditHead(number: entry.number, hash: entry.hash)
    }
    return log
  }

  private static func verify(_ log: Log, expecting expected: ObjectHash? = nil) -> AuditVerification {
    var verification = AuditVerification(expecting: expected)
    for (line, names) in zip(log.lines, log.names) { verification.take(line, names: names) }
    verification.end(at: log.head)
    return verification
  }

  private static func text(_ log: Log) -> String {
    zip(log.lines, log.names).enumerated().map { place, entry in
      entry.1.isEmpty ? entry.0 : entry.0 + "\n" + AuditExport.namesLine(of: UInt64(place + 1), entry.1)
    }.joined(separator: "\n") + "\n"
  }

  @Test func readsWhatItWrites() throws {
    let log = Self.log(20, seed: 1)
    for line in log.lines { #expect(try AuditEntry(line: line).line == line) }
    let found = Self.verify(log)
    #expect(found.fault == nil && found.entries == 20 && found.head == log.head)
    #expect(Self.verify(Log()).fault == nil, "a log that has not begun is whole")
  }

  /// The form that another program is written against: `Docs/audit.md` shows the same line.
  @Test func hasTheFormThatIsDocumented() throws {
    let entry = AuditEntry(
      AuditNote(.policyChanged, on: "", before: "eu", after: "strict sha256:00", count: 0), names: [],
      by: AuditActor(via: .command, user: 998, name: "vaka", login: "anna"), at: 1_795_768_905_123, number: 1,
      previous: AuditEntry.nothingBefore)
    #expect(
      entry.line == """
        {"audit":1,"number":1,"at":1795768905123,"via":"command","user":998,"name":"vaka","login":"anna",\
        "act":"policy-changed","object":"","before":"eu","after":"strict sha256:00","count":0,"names":"",\
        "previous":"5f582db0997bc15add5d67c27a5d5565f28cfd1582b2c6b243f08459092cadfd"}
        """)
    #expect(entry.hash == ObjectHash(sha256: Array(entry.line.utf8)))
  }

  /// A supervisor counts by the acts, so the page lists every one.
  @Test func everyActIsDocumented() throws {
    let page = try String(contentsOf: RepositoryFiles.folder.appending(path: "Docs/audit.md"), encoding: .utf8)
    #expect(AuditAct.allCases.map(\.rawValue).filter { !page.contains("`\($0)`") } == [])
  }

  @Test func showsEveryAlteredByte() {
    let log = Self.log(4, seed: 2)
    for place in log.lines.indices {
      let bytes = Array(log.lines[place].utf8)
      for index in bytes.indices {
        for bit in [UInt8(1), 0x20] {
          var altered = bytes
          altered[index] ^= bit
          var other = log
          other.lines[place] = String(decoding: altered, as: UTF8.self)
          let fault = Self.verify(other).fault
          #expect(
            fault.map { [UInt64(place + 1), UInt64(place + 2)].contains($0.number) || place == 3 } == true,
            "entry \(place + 1), byte \(index)")
        }
      }
    }
  }

  @Test func showsWhatIsLostExchangedOrPutBetween() {
    let log = Self.log(9, seed: 3)
    for place in log.lines.indices {
      var lost = log
      lost.lines.remove(at: place)
      lost.names.remove(at: place)
      #expect(Self.verify(lost).fault != nil, "without entry \(place + 1)")
      var twice = log
      twice.lines.insert(log.lines[place], at: place)
      twice.names.insert(log.names[place], at: place)
      #expect(Self.verify(twice).fault?.number == UInt64(place + 2), "entry \(place + 1) twice")
      for other in log.lines.indices where other != place {
        var exchanged = log
        exchanged.lines.swapAt(place, other)
        exchanged.names.swapAt(place, other)
        #expect(Self.verify(exchanged).fault?.number == UInt64(min(place, other) + 1))
      }
    }
    let another = Self.log(9, seed: 4)
    var mixed = log
    mixed.lines[5] = another.lines[5]
    mixed.names[5] = another.names[5]
    #expect(Self.verify(mixed).fault?.number == 6)
  }

  /// Who writes the whole chain anew from an altered entry on is shown by a head that somebody else has kept.
  @Test func aHeadThatWasNotedShowsAChainWrittenAnew() {
    let (log, other) = (Self.log(9, seed: 5), Self.log(9, seed: 6))
    #expect(Self.verify(other).fault == nil)
    #expect(Self.verify(other, expecting: log.head.hash).fault != nil)
    let earlier = ObjectHash(sha256: Array(log.lines[3].utf8))
    #expect(Self.verify(log, expecting: earlier).expectedAt == 4)
  }

  @Test func aNameCanBeForgottenAndNotAltered() throws {
    var log = Self.log(9, seed: 7)
    let place = try #require(log.names.firstIndex { !$0.isEmpty })
    let good = log.names[place]
    log.names[place][0] = AuditName(forgotten: good[0].hash)
    let found = Self.verify(log)
    #expect(found.fault == nil && found.forgotten == 1)
    let salt = try #require(good[0].plain?.salt)
    log.names[place][0] = AuditName(salt: salt, reference: "ffffffffffff")
    #expect(Self.verify(log).fault?.number == UInt64(place + 1))
    log.names[place] = []
    #expect(Self.verify(log).fault?.number == UInt64(place + 1))
  }

  @Test func anExportedFileVerifiesAnywhere() throws {
    let log = Self.log(12, seed: 8)
    let text = Self.text(log)
    var days = AuditSummary()
    let (found, checkpoint) = AuditExport.verify(text) { days.take($0) }
    #expect(found.fault == nil && found.head == log.head && checkpoint == nil)
    #expect(days.lines.reduce(0) { $0 + $1.entries } == 12)
    var lines = text.split(separator: "\n").map(String.init)
    let names = try #require(lines.firstIndex { $0.hasPrefix("{\"names-of\"") })
    lines.remove(at: names)
    #expect(AuditExport.verify(lines.joined(separator: "\n")).0.fault != nil, "references that are left out")
    // Of the last entry nothing follows that would tell; its head does.
    let altered = text.replacing("\"number\":12", with: "\"number\":13")
    #expect(AuditExport.verify(altered).0.fault?.number == 12)
    let cut = Self.text(Self.log(11, seed: 8))
    #expect(AuditExport.verify(cut).0.fault == nil && AuditExport.verify(cut, expecting: log.head.hash).0.fault != nil)
    for rubbish in ["{", "{\"checkpoint\":{}}", "{\"names-of\":1,\"names\":[{}]}", "null", "\u{0}"] {
      #expect(AuditExport.verify(rubbish + "\n" + text).0.fault?.number == 1, "\(rubbish)")
      #expect(AuditExport.verify(text + rubbish).0.fault?.number == 13, "\(rubbish)")
    }
  }

  @Test func aCheckpointStandsForWhatIsGone() throws {
    let log = Self.log(9, seed: 9)
    let key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
    let head = AuditHead(number: 4, hash: ObjectHash(sha256: Array(log.lines[3].utf8)))
    let checkpoint = try AuditCheckpoint(coalition: "se", head: head, lastAt: 4, prunedAt: 5, signedBy: key)
    #expect(try AuditCheckpoint(line: checkpoint.line) == checkpoint)
    var rest = log
    rest.lines.removeFirst(4)
    rest.names.removeFirst(4)
    var found = AuditVerification(after: checkpoint, expecting: head.hash)
    for (line, names) in zip(rest.lines, rest.names) { found.take(line, names: names) }
    found.end(at: log.head)
    #expect(found.fault == nil && found.entries == 5 && found.expectedAt == 4)
    let bytes = Array(checkpoint.line.utf8)
    for index in bytes.indices {
      var altered = bytes
      altered[index] ^= 1
      #expect(throws: Problem.self, "byte \(index)") {
        try AuditCheckpoint(line: String(decoding: altered, as: UTF8.self))
      }
    }
  }

  @Test func countsByDayActAndWho() throws {
    var (summary, head) = (AuditSummary(), AuditHead.empty)
    for (day, count) in [(1, 4), (1, 5), (2, 6)] {
      let entry = AuditEntry(
        AuditNote(.indicatorsImported, count: count), names: [],
        by: AuditActor(via: .command, user: 998, name: "vaka", login: "anna"), at: UInt64(day) * 86_400_000 + 7,
        number: head.number + 1, previous: head.hash)
      head = AuditHead(number: entry.number, hash: entry.hash)
      summary.take(entry)
    }
    #expect(summary.lines.map(\.day) == [1, 2] && summary.lines.map(\.entries) == [2, 1])
    #expect(summary.lines.map(\.things) == [9, 6] && summary.lines[0].who == "anna as vaka (998)")
  }
}
