public import Audit
public import Control
internal import Foundation
internal import Glibc

/// Who a process belongs to.
extension AuditActor {
  /// Whoever runs this command.
  static func command() -> AuditActor { of(user: getuid(), process: "self", via: .command) }

  static func node() -> AuditActor { of(user: getuid(), process: "self", via: .node) }

  /// The process that asks over the control socket.
  public static func caller(_ caller: ControlCaller) -> AuditActor {
    of(user: caller.user, process: "\(caller.process)", via: .command)
  }

  private static func of(user: UInt32, process: String, via: Way) -> AuditActor {
    AuditActor(via: via, user: user, name: name(of: user), login: login(of: process))
  }

  private static func name(of user: UInt32) -> String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name
    else { return "" }
    return String(cString: name)
  }

  /// The kernel notes at login who it is, and keeps it through `su` and `sudo` (proc(5), `loginuid`).
  private static func login(of process: String) -> String {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/loginuid", encoding: .utf8),
      let user = UInt32(text.prefix { $0.isASCII && $0.isNumber }), user != .max
    else { return "" }
    return name(of: user)
  }
}
