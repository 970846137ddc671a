public import Foundation

/// A folder that goes away with the test.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("vaka-test-\(UInt64.random(in: .min ... .max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  public func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appendingPathComponent(name))) }

  public func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: url.appendingPathComponent(name))
  }

  public func permissions(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
  }

  /// What lies in it, sorted.
  public func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }

  /// Writes a leaf and its key as one PEM file, and names the file.
  public func write(_ leaf: BenchLeaf, _ name: String = "leaf.pem") throws -> String {
    let certificates = leaf.chain.map { der in
      "-----BEGIN CERTIFICATE-----\n"
        + Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        + "\n-----END CERTIFICATE-----\n"
    }
    try (leaf.privateKeyPEM + "\n" + certificates.joined()).write(toFile: path(name), atomically: true, encoding: .utf8)
    return path(name)
  }
}
