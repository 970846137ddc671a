import Foundation
import Wire

/// Ports on loopback that nobody listens on at this moment.
enum LoopbackPorts {
  static func free(_ count: Int) throws -> [Int] {
    var sockets: [Int32] = []
    defer { for descriptor in sockets { close(descriptor) } }
    // Below the ports that the system gives out by itself, so that nobody takes one before its node does.
    var drawn = (20_000..<30_000).shuffled().makeIterator()
    var ports: [Int] = []
    while ports.count < count, let port = drawn.next() {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      sockets.append(descriptor)
      // As the node itself does: connections that ended a moment ago are no hindrance.
      var reuses: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuses, socklen_t(MemoryLayout<Int32>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      let isFree = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      if isFree { ports.append(port) }
    }
    guard ports.count == count else { throw Problem("no-port", "no free port on loopback") }
    return ports
  }
}
