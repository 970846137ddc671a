// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "rooms",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "vaka", path: "../.."),
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Rooms",
      dependencies: [
        .product(name: "VakaLedger", package: "vaka"), .product(name: "Benchmark", package: "benchmark"),
      ], path: "Benchmarks/Rooms", plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
