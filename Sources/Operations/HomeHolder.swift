internal import Control
internal import Foundation
internal import Store
internal import Wire

/// Who may write to a home at this moment: the running node, by its control socket, or this command under the lease.
enum HomeHolder: Sendable {
  case node(ControlClient)
  case us(InstanceLease)

  /// A node that is just starting holds the lease before it answers, so both are tried for some seconds.
  /// - Throws: `Problem` `home-in-use` if another process writes and does not answer.
  static func find(_ home: NodeHome, seconds: TimeInterval = 10) throws -> HomeHolder {
    let client = ControlClient(path: home.folder.controlSocket)
    let deadline = Date() + seconds
    while true {
      if client.isAnswering { return .node(client) }
      do throws(Problem) {
        return .us(try InstanceLease(home.folder, patience: 250))
      } catch {
        guard error.code == "home-in-use", Date() < deadline else { throw error }
      }
    }
  }
}
