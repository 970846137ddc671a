public import Foundation

/// A folder that goes away with the test.
public struct TemporaryFolder: ~Copyable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("vaka-test-\(UInt64.random(in: .min ... .max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

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
