import Foundation
import Wire

/// Ports on loopback that nobody listens on at this moment.
enum LoopbackPorts {
  static func free(_ count: Int) throws -> [Int] {
    var sockets: [Int32] = []
    defer { for descriptor in sockets { close(descriptor) } }
    return try (0..<count).map { _ in
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      sockets.append(descriptor)
      // As the node itself does: connections that ended a moment ago are no hindrance.
      var reuses: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuses, socklen_t(MemoryLayout<Int32>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      // Below the ports that the system gives out by itself, so that nobody takes one before its node does.
      address.sin_port = in_port_t.random(in: 20_000..<30_000).bigEndian
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
      }
      guard isBound else { throw Problem("no-port", "no free port on loopback") }
      return Int(address.sin_port.bigEndian)
    }
  }
}
