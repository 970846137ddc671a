internal import Foundation

/// One request of plain HTTP/1.1 to a port of this machine, as anybody's client would send it.
public struct PlainHTTP: Sendable {
  public let status: Int
  /// Names in lower case.
  public let headers: [String: String]
  public let body: String

  /// Returns nil if nobody listens there, or the connection ends without an answer.
  public static func ask(_ port: Int, _ path: String, method: String = "GET") -> PlainHTTP? {
    exchange(port, "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n").flatMap(PlainHTTP.init)
  }

  /// Sends one byte of an endless body after the other; whether the other side put an end to it within the time.
  public static func drip(_ port: Int, atMost seconds: Double) -> Bool {
    guard let descriptor = connected(port) else { return false }
    defer { close(descriptor) }
    let head = Array("GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n".utf8)
    guard send(descriptor, head, head.count, Int32(MSG_NOSIGNAL)) == head.count else { return true }
    let deadline = Date() + seconds
    var byte: UInt8 = 0x78
    while Date() < deadline {
      if send(descriptor, &byte, 1, Int32(MSG_NOSIGNAL)) != 1 { return true }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return false
  }

  /// Sends bytes and reads until the other side closes; nil if nobody listens.
  public static func exchange(_ port: Int, _ request: String) -> String? {
    guard let descriptor = connected(port) else { return nil }
    defer { close(descriptor) }
    let bytes = Array(request.utf8)
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return nil }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
      answer += buffer[..<count]
    }
  }

  private static func connected(_ port: Int) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private init?(_ text: String) {
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    var lines = text[..<end.lowerBound].components(separatedBy: "\r\n")[...]
    guard let code = lines.popFirst()?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
    status = code
    headers = lines.reduce(into: [:]) { headers, line in
      guard let colon = line.firstIndex(of: ":") else { return }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    body = String(text[end.upperBound...])
  }
}
