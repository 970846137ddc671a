import Configuration
import Logging
import Store
import SystemPackage
import Wire

/// What `serve` is configured by: the folder's `node.json`, then the environment (VAKA_LISTEN_PORT ...), then flags.
struct NodeSettings: Sendable {
  let listenHost: String
  let listenPort: Int
  let healthListen: HealthListen
  let logLevel: Logger.Level

  /// - Throws: `Problem` `bad-settings`.
  static func read(
    _ folder: NodeFolder, listenHost: String?, listenPort: Int?, healthListen: String? = nil
  ) async throws -> NodeSettings {
    let reader: ConfigReader
    do {
      reader = ConfigReader(providers: [
        EnvironmentVariablesProvider().prefixKeys(with: "vaka"),
        try await FileProvider<JSONSnapshot>(filePath: FilePath(folder.settings)),
      ])
    } catch {
      throw Problem(
        "bad-settings", "the settings cannot be read: \(error)", object: folder.settings,
        next: "write {\"listen\": {\"host\": \"0.0.0.0\", \"port\": 7473}}")
    }
    let port = listenPort ?? reader.int(forKey: "listen.port", default: 7_473)
    let level = reader.string(forKey: "log.level", default: "info")
    guard (1...65_535).contains(port), let logLevel = Logger.Level(rawValue: level) else {
      throw Problem("bad-settings", "a port is 1 to 65535, a log level one of swift-log's", object: folder.settings)
    }
    return NodeSettings(
      listenHost: listenHost ?? reader.string(forKey: "listen.host", default: "0.0.0.0"), listenPort: port,
      healthListen: try HealthListen(
        healthListen ?? reader.string(forKey: "health.listen", default: HealthListen.standard), object: folder.settings),
      logLevel: logLevel)
  }
}
