/// Who did it, as the system's kernel tells: the Unix user of the command, or of the node where it acted by itself.
public struct AuditActor: Sendable, Hashable, Codable {
  public enum Way: String, Sendable, Codable {
    /// A command, of its own or over the control socket.
    case command
    /// The running node, without being asked.
    case node
  }

  public let via: Way
  /// The user's number.
  public let user: UInt32
  /// The user's name; empty if the system knows none.
  public let name: String
  /// The name that the person logged in with, before `su` or `sudo`; empty if the system did not note one.
  public let login: String

  public init(via: Way, user: UInt32, name: String, login: String) {
    (self.via, self.user) = (via, user)
    (self.name, self.login) = (AuditText.bounded(name), AuditText.bounded(login))
  }
}
