// swift-tools-version: 6.1

import PackageDescription

/// Built with `-Xswiftc -sanitize=fuzzer`, so that the fuzzer sees the ways through every room: `make fuzz`.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "vaka", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzz", dependencies: [.product(name: "VakaFuzzTargets", package: "vaka")],
      // The default linker stumbles over the debugging data of instrumented code.
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
  ]
)
