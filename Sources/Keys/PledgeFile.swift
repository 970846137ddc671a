public import Wire

/// What an identity key has signed about the roster that comes next, in a file beside the key: it goes where the key goes.
///
/// Written whole before a signature is shown to anybody. A key whose pledge is not there (restored alone from a copy) does not know
/// what it has signed, and must not begin anew without asking.
public struct PledgeFile: Sendable {
  public let path: String

  /// - Parameter identityKey: the path of the identity key.
  public init(besides identityKey: String) { path = identityKey + ".pledge" }

  public var exists: Bool { DurableFile.exists(path) }

  /// For a key that was made a moment ago and has signed nothing.
  public func begin() throws(Problem) { try write([]) }

  public func read() throws(Problem) -> [UInt8] { try DurableFile.read(path, noun: "pledge of the identity key") }

  public func write(_ bytes: [UInt8]) throws(Problem) { try DurableFile.write(bytes, to: path) }
}
