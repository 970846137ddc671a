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

  /// Sends bytes and reads until the other side closes; nil if nobody listens.
  public static func exchange(_ port: Int, _ request: String) -> String? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return nil }
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
