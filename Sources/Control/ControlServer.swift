internal import Glibc
public import Logging
public import NIOCore
internal import NIOExtras
internal import NIOPosix
public import ServiceLifecycle
public import Wire

/// The node's end of the control socket: a Unix socket that only its owner may open.
public final class ControlServer: Service {
  /// Answers one operation of a caller.
  public typealias Handler =
    @Sendable (_ operation: String, _ body: [UInt8], _ caller: ControlCaller) async -> Result<[UInt8], Problem>

  private let path: String
  private let group: any EventLoopGroup
  private let logger: Logger
  private let handler: Handler

  public init(path: String, group: any EventLoopGroup, logger: Logger, handler: @escaping Handler) {
    self.path = path
    self.group = group
    self.logger = logger
    self.handler = handler
  }

  /// Listens until a graceful shutdown. The caller holds the instance lease, so a socket left by a crash is removed.
  /// - Throws: `Problem` `control-socket`.
  public func run() async throws {
    unlink(path)
    let before = umask(0o077)
    let server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    do {
      server = try await ServerBootstrap(group: group).bind(unixDomainSocketPath: path) { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          let decoder = LengthFieldBasedFrameDecoder(lengthFieldLength: .four, lengthFieldEndianness: .big)
          try pipeline.addHandler(
            ByteToMessageHandler(decoder, maximumBufferSize: ControlFrame.mostBytes + 4))
          try pipeline.addHandler(LengthFieldPrepender(lengthFieldLength: .four, lengthFieldEndianness: .big))
          return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    } catch {
      umask(before)
      throw Problem("control-socket", "the control socket cannot be opened: \(error)", object: path)
    }
    umask(before)
    defer { unlink(path) }
    try await withGracefulShutdownHandler {
      try await serve(server)
    } onGracefulShutdown: {
      server.channel.close(promise: nil)
    }
  }

  private func serve(_ server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>) async throws {
    try await withThrowingDiscardingTaskGroup { tasks in
      try await server.executeThenClose { connections in
        for try await connection in connections {
          tasks.addTask {
            do {
              try await self.answer(connection)
            } catch {
              self.logger.debug("control connection ended", metadata: ["vaka.reason": "\(error)"])
            }
          }
        }
      }
      tasks.cancelAll()
    }
  }

  private func answer(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
    let caller = try await Self.caller(of: connection.channel)
    try await connection.executeThenClose { inbound, outbound in
      for try await frame in inbound {
        guard let request = ControlFrame.decode(Array(frame.readableBytesView)) else { return }
        let result = await handler(request.word, request.body, caller)
        try await outbound.write(ByteBuffer(bytes: ControlFrame.encode(result)))
      }
    }
  }

  /// - Throws: `Problem` `control-socket`: a caller whom the kernel does not name is not answered.
  private static func caller(of channel: any Channel) async throws -> ControlCaller {
    guard let provider = channel as? any SocketOptionProvider else {
      throw Problem("control-socket", "the control socket does not tell who calls")
    }
    let name = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
    let credentials: PeerCredentials = try await provider.unsafeGetSocketOption(level: .socket, name: name).get()
    return ControlCaller(process: credentials.process, user: credentials.user)
  }
}
