import Foundation
import Operations
import Replication
import Telemetry
import Testing
import Wire

@testable import Node

/// The metrics of a node: well named, bounded, and true.
@Suite struct NodeMetricTests {
  private static let families: [MetricFamily] = {
    let traffic = Traffic()
    guard let no = CoalitionID("no") else { return [] }
    traffic.asked(no, for: .hello, status: 200, bytes: 70, readable: true)
    traffic.asked(no, for: .frontier, status: 200, bytes: 5, readable: false)
    traffic.asked(no, for: .deltas(no, epoch: 1, from: 7), failed: .timeout)
    traffic.asked(no, for: .heads(after: "secret", wait: 30), status: 418, bytes: 1, readable: true)
    traffic.answered(no, for: .hashKey(1), status: 404, bytes: 90)
    traffic.answered(no, for: nil, status: 404, bytes: 10)
    traffic.refused(.expired)
    traffic.refused(.expired)
    traffic.applied(2, changes: 4_097, of: no)
    traffic.copied(no)
    traffic.stopped(no, by: "delta-hash")
    traffic.storeFailed()
    return NodeReading(
      status: status, counts: traffic.counts, certificatesLeft: [no: 86_400.5], authoritiesLeft: [no: 9],
      process: ProcessReading(residentBytes: 4_096, openDescriptors: 12), startedAt: 1_800_000_000
    ).families
  }()

  private static let status: NodeStatus = {
    let text = """
      {"alliance": {"name": "A \\"quoted\\" name", "fingerprint": "F", "coalitions": 3, "roster": 1},
       "node": {"coalition": "se", "name": "Demo Sweden", "running": true, "up-seconds": 9, "version": "0.1.0",
                "identity-key-here": true, "doubled-by": ["no", "us"]},
       "holding": {"statements": 613, "indicators": 600, "quarantined": 2, "without-plaintext": 4},
       "signing": {"state": "waiting", "held-by": 1, "of": 2, "queued": 12, "waiting-for": 1, "needed": 2,
                   "may-waive": true},
       "copies": [],
       "positions": [{"coalition": "no", "epoch": 2, "index": 31, "head-hash": "", "live-digest": "", "statements": 613,
                      "live-bytes": 9000, "hold": {"code": "head-time", "what": "goes back"},
                      "forked": false, "listings-by-key": [{"key-epoch": 1, "listings": 13},
                                                            {"key-epoch": 2, "listings": 600}]}],
       "hash-keys": [{"key-epoch": 1, "open": true, "closes": "2027-01-31", "here": true},
                     {"key-epoch": 2, "open": true, "here": false}],
       "held-records": [{"coalition": "us", "problem": {"code": "record-conflict", "what": "two of one number"}}],
       "peers": [{"coalition": "us", "name": "U", "link": "down", "agrees": "unknown", "last-heard-seconds": 70},
                 {"coalition": "no", "name": "N", "link": "open", "agrees": "catching-up", "we-lack": 3, "they-lack": 0,
                  "round-trip-milliseconds": 1.5}],
       "refusals": [], "aging": [], "unseen-late-matches": 2}
      """
    do {
      return try AnswerFormat.decode(NodeStatus.self, from: Array(text.utf8))
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  private func value(_ metric: NodeMetric, _ labels: [String: String] = [:]) -> Double? {
    Self.families.first { $0.name == metric.rawValue }?.samples.first { sample in
      Dictionary(uniqueKeysWithValues: sample.labels.map { ($0.name, $0.value) }) == labels
    }?.value
  }

  @Test func everyNameFollowsTheRules() {
    #expect(Self.families.map(\.name) == NodeMetric.allCases.map(\.rawValue), "all are shown, in a fixed order")
    for family in Self.families {
      #expect(family.name.wholeMatch(of: /vaka_[a-z]+(_[a-z]+)*/) != nil, "\(family.name)")
      #expect(family.help.hasSuffix(".") && !family.help.contains("\n"), "\(family.name)")
      #expect((family.kind == .counter) == family.name.hasSuffix("_total"), "\(family.name)")
      #expect(!family.samples.isEmpty, "\(family.name): this test shows none of it")
      let labels = family.samples.map(\.labels)
      #expect(Set(labels).count == labels.count, "\(family.name): a sample twice")
      #expect(
        labels.joined().allSatisfy { $0.name.wholeMatch(of: /[a-z]+/) != nil && $0.value.utf8.count <= 32 },
        "\(family.name)")
    }
    // Base units only.
    #expect(!Self.families.contains { $0.name.contains(/milli|_ms|minutes|_days|kilo|mega/) })
  }

  @Test func theyAreTrue() {
    #expect(value(.peers, ["state": "open"]) == 1 && value(.peers, ["state": "down"]) == 1)
    #expect(value(.peers, ["state": "paused"]) == 0)
    #expect(value(.peerLink, ["peer": "us", "state": "down"]) == 1)
    #expect(value(.peerLink, ["peer": "us", "state": "open"]) == 0)
    #expect(value(.peerAgreement, ["peer": "no", "agreement": "catching-up"]) == 1)
    #expect(value(.peerAgreement, ["peer": "no", "agreement": "yes"]) == 0)
    #expect(value(.peerLastHeard, ["peer": "us"]) == 70)
    #expect(value(.peerLastHeard, ["peer": "no"]) == nil, "absent, not 0, while it is not known")
    #expect(value(.peerRoundTrip, ["peer": "no"]) == 0.0015)
    #expect(value(.peerWeLack, ["peer": "no"]) == 3 && value(.peerTheyLack, ["peer": "no"]) == 0)
    #expect(value(.peerWeLack, ["peer": "us"]) == nil)
    #expect(value(.headEpoch, ["coalition": "no"]) == 2 && value(.headIndex, ["coalition": "no"]) == 31)
    #expect(value(.hold, ["coalition": "no"]) == 1)
    #expect(value(.statements) == 613 && value(.indicators) == 600 && value(.quarantined) == 2)
    #expect(value(.hashKeyListings, ["coalition": "no", "key": "2"]) == 600)
    #expect(value(.hashKeysMissing) == 1 && value(.notRehashed) == 4)
    #expect(value(.queued) == 12 && value(.doubled) == 2)
    #expect(value(.signing, ["state": "waiting"]) == 1 && value(.signing, ["state": "ready"]) == 0)
    #expect(value(.certificateLeft, ["coalition": "no"]) == 86_400.5)
    #expect(value(.received, ["peer": "no"]) == 76 && value(.sent, ["peer": "no"]) == 100)
    #expect(value(.refused, ["code": "expired"]) == 2)
    #expect(value(.appliedHeads, ["coalition": "no"]) == 2 && value(.appliedChanges, ["coalition": "no"]) == 4_097)
    #expect(value(.refusedHeads, ["coalition": "no", "code": "delta-hash"]) == 1)
    #expect(value(.copies, ["coalition": "no"]) == 1)
    #expect(value(.storeFailures) == 1)
    #expect(value(.buildInformation, ["version": "0.1.0", "coalition": "se"]) == 1)
  }

  @Test func whatAPeerChoosesIsNoLabel() {
    func asked(_ resource: String, _ outcome: String) -> Double? {
      value(.asked, ["peer": "no", "resource": resource, "outcome": outcome])
    }
    #expect(asked("hello", "ok") == 1)
    #expect(asked("frontier", "answer-unreadable") == 1)
    #expect(asked("deltas", "timeout") == 1, "neither epoch nor index")
    #expect(asked("heads", "status-other") == 1, "neither cursor nor a status of the peer's own")
    #expect(value(.answered, ["peer": "no", "resource": "hash-keys", "outcome": "status-404"]) == 1)
    #expect(value(.answered, ["peer": "no", "resource": "none", "outcome": "status-404"]) == 1)
  }

  @Test func ofThisProcessLinuxKnowsMemoryAndDescriptors() throws {
    let reading = ProcessReading.now()
    #expect(try #require(reading.residentBytes) > 1 << 20)
    #expect(try #require(reading.openDescriptors) > 2)
  }
}
