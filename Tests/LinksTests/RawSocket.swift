import CertificateBench
import NIOCore
import NIOPosix

/// A plain TCP connection to a door, for what no honest peer sends.
struct RawSocket {
  private let channel: any Channel

  static func connect(port: Int) async throws -> RawSocket {
    RawSocket(
      channel: try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port).get())
  }

  /// The other side may have closed already; then it has said what the test waits for.
  func send(_ bytes: [UInt8]) async {
    try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
  }

  /// Waits for the other side to close.
  func waitForEnd() async throws {
    let channel = channel
    try await within { try await channel.closeFuture.get() }
  }
}
