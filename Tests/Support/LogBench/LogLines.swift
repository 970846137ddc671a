public import Logging
internal import Synchronization

/// What was logged, one line for each event: level, message, metadata sorted by name.
public final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  public init() {}

  public var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// Keeps what is logged for a test to read.
public struct LineLogHandler: LogHandler {
  private let lines: LogLines
  public var metadata: Logger.Metadata = [:]
  public var logLevel: Logger.Level = .info

  public init(lines: LogLines) { self.lines = lines }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let values = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
    lines.add("\(event.level) \(event.message) \(values)")
  }
}
