import Alliance
import FoundationEssentials
import HTTPTypes
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import Wire

/// Carries one HTTP request of a verified peer to the handler above and its answer back.
///
/// Throwing from here is how Hummingbird is told to close the connection.
struct LinkResponder: Sendable {
  /// Longest path and query, in bytes.
  static let maximumTarget = 8 << 10

  let registry: LinkRegistry
  let limits: LinkLimits
  let now: @Sendable () -> Date
  let admits: @Sendable (CoalitionID) -> Bool
  let handle: @Sendable (CoalitionID, PeerRequest) async -> PeerResponse

  func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
    guard let peer = registry.peer(on: channel), now() <= peer.notAfter else { throw ChannelError.eof }
    guard admits(peer.coalition) else {
      let problem = Problem(
        "paused", "its operator has paused the exchange with this coalition", object: peer.coalition.rawValue)
      try await refuse(.problem(problem, status: 503), writer, channel)
      return
    }
    guard let target = request.head.path, target.utf8.count <= Self.maximumTarget else {
      let problem = Problem("path-too-long", "a path and its query are limited to \(Self.maximumTarget) bytes")
      try await refuse(.problem(problem, status: 414), writer, channel)
      return
    }
    let body: ByteBuffer
    do {
      body = try await withTransferLimit(channel) { try await request.body.collect(upTo: limits.requestBody) }
    } catch is NIOTooManyBytesError {
      let problem = Problem("too-large", "a request body is limited to \(limits.requestBody) bytes")
      try await refuse(.problem(problem, status: 413), writer, channel)
      return
    }
    let peerRequest = PeerRequest(request, body: body)
    // A long poll ends at once when the node stops, if its handler heeds cancellation.
    let response = await cancelWhenGracefulShutdown { await handle(peer.coalition, peerRequest) }
    // The roster may have changed while the handler waited.
    guard registry.peer(on: channel) != nil else { throw ChannelError.eof }
    let isEnding = registry.isEnding(channel)
    try await write(response, writer, channel, closing: isEnding)
    if isEnding { throw ChannelError.eof }
  }

  private func refuse(
    _ response: PeerResponse, _ writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    try await write(response, writer, channel, closing: true)
    throw ChannelError.eof
  }

  private func write(
    _ response: PeerResponse, _ writer: consuming ResponseWriter, _ channel: any Channel, closing: Bool
  ) async throws {
    var head = HTTPResponse(status: .init(code: (200...599).contains(response.status) ? response.status : 500))
    head.headerFields[.contentType] = response.contentType
    head.headerFields[.contentLength] = String(response.body.count)
    if closing { head.headerFields[.connection] = "close" }
    let timer = transferTimer(channel)
    defer { timer.cancel() }
    try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: response.body)))
  }

  private func withTransferLimit<Value: Sendable>(
    _ channel: any Channel, _ work: () async throws -> Value
  ) async throws -> Value {
    let timer = transferTimer(channel)
    defer { timer.cancel() }
    return try await work()
  }

  /// Ends the link of a peer that sends or reads a byte now and then to hold its place.
  private func transferTimer(_ channel: any Channel) -> Scheduled<Void> {
    channel.eventLoop.scheduleTask(in: TimeAmount(limits.transfer)) { channel.close(promise: nil) }
  }
}

extension PeerRequest {
  private static func instance(_ request: Request) -> String? {
    guard let name = HTTPField.Name(instanceField), let text = request.headers[name], text.utf8.count == 32,
      text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    return text
  }

  fileprivate init(_ request: Request, body: ByteBuffer) {
    var query: [String: String] = [:]
    for (name, value) in request.uri.queryParameters where query[String(name)] == nil {
      query[String(name)] = String(value)
    }
    self.init(
      method: request.method.rawValue, path: request.uri.path, query: query,
      acceptsJSON: request.headers[.accept]?.contains("application/json") ?? false,
      body: Array(body.readableBytesView), instance: Self.instance(request))
  }
}
