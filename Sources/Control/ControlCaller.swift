/// The process at the other end of the control socket, as the kernel knows it.
public struct ControlCaller: Sendable, Hashable {
  public let process: Int32
  public let user: UInt32

  public init(process: Int32, user: UInt32) {
    self.process = process
    self.user = user
  }
}

/// What Linux answers to SO_PEERCRED (unix(7), `struct ucred`).
struct PeerCredentials {
  var process: Int32 = 0
  var user: UInt32 = 0
  var group: UInt32 = 0
}
