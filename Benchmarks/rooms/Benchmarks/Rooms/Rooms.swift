import Benchmark
import Indicators
import Ledger
import Signing
import Wire

/// What one core does in a second of the work that every row or head costs. Beside each stands the bare function beneath it,
/// so that a ratio says more than a rate of this machine.
let benchmarks: @Sendable () -> Void = {
  let configuration = Benchmark.Configuration(
    metrics: [.throughput, .cpuTotal], warmupIterations: 3, scalingFactor: .kilo, maxDuration: .seconds(2))

  let statement = [UInt8](repeating: 7, count: 22)
  let rows = (0..<1_000).compactMap { number -> Row? in
    let digest = ObjectHash(sha256: Array("\(number)".utf8)).bytes
    return StatementKey([1] + digest).map { Row(key: $0, salt: Array(digest.prefix(16)), statement: statement) }
  }
  let leaves = rows.map(\.leaf)

  Benchmark("SHA-256 of 72 bytes", configuration: configuration) { benchmark in
    let message = [UInt8](repeating: 1, count: 72)
    for _ in benchmark.scaledIterations { blackHole(ObjectHash(sha256: message)) }
  }

  Benchmark("leaf of a row", configuration: configuration) { benchmark in
    for number in benchmark.scaledIterations { blackHole(rows[number % rows.count].leaf) }
  }

  Benchmark("live digest, rows added by the thousand", configuration: configuration) { benchmark in
    var digest = LiveDigest()
    try digest.change(adding: leaves, subtracting: [])
    blackHole(digest.hash)
  }

  Benchmark("live digest, rows added one by one", configuration: configuration) { benchmark in
    var digest = LiveDigest()
    for leaf in leaves { try digest.add(leaf) }
    blackHole(digest.hash)
  }

  Benchmark("signature of a head checked", configuration: configuration) { benchmark in
    let key = try SigningKey(seed: [UInt8](repeating: 3, count: 32))
    let body = [UInt8](repeating: 5, count: 300)
    let head = try SignedObject(type: .head, body: body, key: key)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(head.isSigned(by: key.verifyingKey)) }
  }
}
