// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "types",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "vaka", path: "../../..")],
  targets: [
    .systemLibrary(name: "CBareHash", pkgConfig: "libcrypto"),
    .executableTarget(
      name: "Types", dependencies: ["CBareHash", .product(name: "VakaIndicators", package: "vaka")]),
  ]
)
