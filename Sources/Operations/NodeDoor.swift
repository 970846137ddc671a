internal import Control
internal import Foundation
internal import Store
internal import Wire

/// Where changes go: to the running node over its control socket, or, with no node running, straight into the store under
/// the instance lease, to be signed when a node starts.
public struct NodeDoor: Sendable {
  private enum Way: Sendable {
    case running(ControlClient)
    case stopped(InstanceLease, LedgerStore, VaultStore, AuditTrail)
  }

  private let way: Way
  private let coalition: CoalitionID

  /// - Throws: `Problem` `home-in-use` if another command writes at this moment, or what the store says.
  public init(_ home: NodeHome) throws {
    coalition = home.coalition
    switch try HomeHolder.find(home) {
    case .node(let client): way = .running(client)
    case .us(let lease):
      way = .stopped(
        lease, try LedgerStore.open(home.folder.ledger), try VaultStore.open(home.folder.vault), AuditTrail(home.folder)
      )
    }
  }

  public var isRunning: Bool {
    if case .running = way { true } else { false }
  }

  /// Returns when the changes are durable.
  public func submit(_ submission: Submission) throws -> Submission.Answer {
    switch way {
    case .running(let client):
      return try NodeCall.submit.ask(client, bytes: submission.bytes(), for: Submission.Answer.self)
    case .stopped(_, let ledger, let vault, let audit):
      return try submission.accept(
        into: ledger, vault: vault, coalition: coalition, now: Moment.milliseconds(),
        audit: audit)
    }
  }
}
