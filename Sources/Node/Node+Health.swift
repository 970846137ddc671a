internal import Alliance
internal import Foundation
internal import Operations
internal import Replication
internal import Store
public import Telemetry
internal import Wire

extension Node {
  /// What monitoring asks of this node.
  public nonisolated func healthSource() -> HealthSource {
    HealthSource(
      sickness: {
        let health = await self.health()
        return health.healthy ? nil : health.reason
      },
      unreadiness: {
        let health = await self.health()
        return health.ready ? nil : health.reason
      },
      metrics: { try await self.metrics() })
  }

  /// Answered by the node's own loop and from the disk, so that one that hangs or has lost its store does not say "ok".
  func health() -> NodeHealth {
    var storeProblem: Problem?
    do {
      _ = try ledger.read { reader in try (reader.position(of: home.coalition), reader.queueCount()) }
    } catch {
      storeProblem = error as? Problem ?? Problem("store-failed", "\(error)")
    }
    return NodeHealth.judge(storeProblem: storeProblem, gate: signingState)
  }

  /// Reading a large store takes a while, so only what the node alone knows is asked of it, and the rest is read beside.
  private nonisolated func metrics() async throws -> [MetricFamily] {
    let now = Self.milliseconds()
    let (runtime, membership, ends, startedAt) = try await readings(now: now)
    let status = try StatusReport(home, version: version).make(
      ledger, membership: membership, runtime: runtime, now: now)
    return NodeReading(
      status: status, counts: traffic.counts, certificatesLeft: ends.mapValues(\.timeIntervalSinceNow),
      authoritiesLeft: Dictionary(
        uniqueKeysWithValues: membership.roster.coalitions.compactMap { coalition in
          CertificateWarning.authorityEnd(of: membership.record(of: coalition)).map {
            (coalition, $0.timeIntervalSinceNow)
          }
        }),
      process: .now(), startedAt: Double(startedAt) / 1_000
    ).families
  }
}
