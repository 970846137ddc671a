internal import FoundationEssentials
internal import Glibc
public import Wire

/// A command's end of the control socket. Blocking, because a command has nothing else to do.
public struct ControlClient: Sendable {
  private let path: String

  public init(path: String) { self.path = path }

  /// Whether a node listens there.
  public var isAnswering: Bool {
    guard let descriptor = try? connected(seconds: 5) else { return false }
    close(descriptor)
    return true
  }

  /// Sends one request and waits for its answer.
  /// - Parameter seconds: how long the answer may take.
  /// - Throws: `Problem` `node-not-running`, `node-gone` if the node went away before it answered, `node-slow`, or what
  ///   the node answered.
  public func call(_ operation: String, _ body: [UInt8], seconds: Int = 60) throws(Problem) -> [UInt8] {
    let descriptor = try connected(seconds: seconds)
    defer { close(descriptor) }
    let frame = ControlFrame.encode(operation, body)
    guard frame.count <= ControlFrame.mostBytes else {
      throw Problem("request-too-large", "the request is larger than the control socket takes", object: operation)
    }
    try send(withUnsafeBytes(of: UInt32(frame.count).bigEndian) { Array($0) } + frame, to: descriptor)
    let length = try receive(4, from: descriptor).reduce(0) { $0 << 8 | Int($1) }
    guard length <= ControlFrame.mostBytes, let reply = ControlFrame.decode(try receive(length, from: descriptor))
    else {
      throw Problem("node-answer", "the node's answer cannot be read", object: path)
    }
    guard reply.word == "problem" else { return reply.body }
    throw (try? JSONDecoder().decode(Problem.self, from: Data(reply.body)))
      ?? Problem("node-answer", "the node's answer cannot be read", object: path)
  }

  private func connected(seconds: Int) throws(Problem) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw notRunning }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      close(descriptor)
      throw Problem(
        "home-too-long", "the control socket's path is longer than Linux allows (107 bytes)", object: path,
        next: "use a shorter --home")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      throw notRunning
    }
    return descriptor
  }

  private func send(_ bytes: [UInt8], to descriptor: Int32) throws(Problem) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 { offset += count } else if errno != EINTR { throw gone }
    }
  }

  private func receive(_ count: Int, from descriptor: Int32) throws(Problem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var offset = 0
    while offset < count {
      let got = bytes[offset...].withUnsafeMutableBytes { Glibc.recv(descriptor, $0.baseAddress, $0.count, 0) }
      if got > 0 {
        offset += got
      } else if got < 0, errno == EINTR {
        continue
      } else if got < 0, errno == EAGAIN {
        throw Problem("node-slow", "the node did not answer in time", object: path, next: "look with vaka status")
      } else {
        throw gone
      }
    }
    return bytes
  }

  private var notRunning: Problem {
    Problem("node-not-running", "no node is running here", object: path, next: "start it with vaka serve")
  }

  private var gone: Problem {
    Problem(
      "node-gone", "the node went away before it answered", object: path,
      next: "start it again; what it acknowledged before is safe")
  }
}
