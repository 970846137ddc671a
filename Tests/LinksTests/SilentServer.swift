import CertificateBench
import NIOCore
import NIOPosix

/// Takes connections and says nothing.
struct SilentServer {
  private let channel: any Channel
  let port: Int

  init() async throws {
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    guard let port = channel.localAddress?.port else { throw TookTooLong() }
    self.port = port
  }

  func close() async throws { try await channel.close() }
}
