// swift-tools-version: 6.1

import PackageDescription

/// For tests only: `SIMULATION` remembers verdicts on signatures between the nodes of one process, and
/// `PLANTED_FAULTS` puts deliberate mistakes into the build, for `make simulate-mutants`, which scores the simulation.
/// `NEWER_KIND` makes a version that knows one kind of statement more, for `make mixed-versions`.
let planted: [SwiftSetting] = ["SIMULATION", "PLANTED_FAULTS", "NEWER_KIND"].compactMap { name in
  Context.environment[name] == nil ? nil : .define(name)
}

/// Language settings of the project's own targets: warnings are errors, imports say what they expose.
let strict: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-warnings-as-errors"]),
  ] + planted

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioExtras: Target.Dependency = .product(name: "NIOExtras", package: "swift-nio-extras")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")

let package = Package(
  name: "vaka",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "vaka", targets: ["vaka"]),
    // For the benchmarks, which are a package of their own.
    .library(name: "VakaIndicators", targets: ["Indicators"]),
    .library(name: "VakaLedger", targets: ["Indicators", "Ledger", "Signing", "Wire"]),
    // For fuzzing, which is a package of its own too.
    .library(name: "VakaFuzzTargets", targets: ["FuzzTargets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    .target(name: "Wire", dependencies: [protobuf], exclude: ["Messages"], swiftSettings: strict),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "Signing", dependencies: ["Wire", crypto, protobuf], swiftSettings: strict),
    .systemLibrary(name: "CLibidn2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
    .systemLibrary(name: "CLibpsl", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
    .target(name: "Indicators", dependencies: ["CLibcrypto", "CLibidn2", "CLibpsl", crypto], swiftSettings: strict),
    .target(
      name: "Ledger", dependencies: ["CLibcrypto", "Indicators", "Signing", "Wire", protobuf], swiftSettings: strict),
    .target(name: "Alliance", dependencies: ["Signing", "Wire", asn1, crypto, protobuf, x509], swiftSettings: strict),
    .target(name: "Audit", dependencies: ["Signing", "Wire", protobuf], swiftSettings: strict),
    .target(name: "Formats", dependencies: [crypto], swiftSettings: strict),
    .target(
      name: "Protected", dependencies: ["Formats", "Indicators"], exclude: ["README.md"],
      resources: [.embedInCode("NeverList.csv")], swiftSettings: strict),
    .target(
      name: "Replication", dependencies: ["Alliance", "Ledger", "Signing", "Wire", protobuf], swiftSettings: strict),
    .target(
      name: "Store",
      dependencies: [
        "Alliance", "Audit", "Indicators", "Ledger", "Replication", "Signing", "Wire", grdb, grdbSQLite, protobuf,
      ],
      swiftSettings: strict),
    .target(
      name: "Keys",
      dependencies: [
        "Alliance", "Indicators", "Ledger", "Signing", "Wire", asn1, crypto, cryptoExtras, protobuf, x509,
      ], swiftSettings: strict),
    .target(name: "Verdicts", dependencies: ["Ledger", "Wire", protobuf], swiftSettings: strict),
    .target(
      name: "Links",
      dependencies: [
        "Alliance", "Wire", httpTypes, hummingbirdCore, logging, nioCore, nioHTTP1, nioPosix, nioSSL, nioTLS,
        serviceLifecycle,
      ], swiftSettings: strict),
    .target(
      name: "Control", dependencies: ["Wire", logging, nioCore, nioExtras, nioPosix, serviceLifecycle],
      swiftSettings: strict),
    .target(
      name: "Telemetry",
      dependencies: [httpTypes, hummingbirdCore, logging, nioCore, nioPosix, serviceLifecycle],
      swiftSettings: strict),
    .target(
      name: "Operations",
      dependencies: [
        "Alliance", "Audit", "Control", "Formats", "Indicators", "Keys", "Ledger", "Protected", "Replication",
        "Signing", "Store", "Verdicts", "Wire", protobuf,
      ], swiftSettings: strict),
    .target(
      name: "Node",
      dependencies: [
        "Alliance", "Audit", "Control", "Keys", "Ledger", "Links", "Operations", "Replication", "Signing", "Store",
        "Telemetry", "Wire", logging, nioCore, nioPosix, protobuf, serviceLifecycle,
      ], swiftSettings: strict),
    .executableTarget(
      name: "vaka",
      dependencies: [
        "CMalloc", "Alliance", "Audit", "Control", "Formats", "Indicators", "Keys", "Ledger", "Links", "Node",
        "Operations",
        "Store",
        "Telemetry", "Wire",
        argumentParser, configuration, logging, nioPosix, protobuf, serviceLifecycle,
        systemPackage,
      ], swiftSettings: strict),

    .target(
      name: "CertificateBench", dependencies: ["Alliance", "Wire", asn1, crypto, x509],
      path: "Tests/Support/CertificateBench"),
    .target(name: "RepositoryFiles", path: "Tests/Support/RepositoryFiles", swiftSettings: strict),
    .target(name: "LogBench", dependencies: [logging], path: "Tests/Support/LogBench", swiftSettings: strict),
    .target(name: "Seeded", path: "Tests/Support/Seeded", swiftSettings: strict),
    .target(
      name: "AllianceBench", dependencies: ["Alliance", "RepositoryFiles", "Seeded", "Signing", "Wire", protobuf],
      path: "Tests/Support/AllianceBench", swiftSettings: strict),
    .testTarget(name: "IndicatorsTests", dependencies: ["Indicators", "RepositoryFiles", "Seeded", crypto]),
    .testTarget(name: "VerdictsTests", dependencies: ["Seeded", "Verdicts", "Wire", protobuf]),
    .testTarget(
      name: "OperationsTests",
      dependencies: [
        "Alliance", "AllianceBench", "CertificateBench", "Formats", "Indicators", "Keys", "Ledger", "Operations",
        "Protected", "Replication", "Signing", "Store", "Verdicts", "Wire", protobuf,
      ]),
    .testTarget(name: "AuditTests", dependencies: ["Audit", "RepositoryFiles", "Seeded", "Signing", "Wire"]),
    .testTarget(name: "FormatsTests", dependencies: ["Formats", "RepositoryFiles", "Seeded"]),
    .testTarget(name: "ProtectedTests", dependencies: ["Indicators", "Protected", "Seeded"]),
    .testTarget(
      name: "AllianceTests",
      dependencies: [
        "Alliance", "AllianceBench", "CertificateBench", "RepositoryFiles", "Seeded", "Signing", "Wire", protobuf,
      ]),
    .testTarget(
      name: "KeysTests",
      dependencies: [
        "Alliance", "AllianceBench", "CertificateBench", "Indicators", "Keys", "Ledger", "RepositoryFiles", "Seeded",
        "Signing", "Wire",
      ]),
    .testTarget(
      name: "LinksTests",
      dependencies: [
        "Alliance", "CertificateBench", "Links", "LogBench", "Wire", httpTypes, logging, nioCore, nioHTTP1, nioPosix,
        nioSSL, serviceLifecycle, x509,
      ]),
    .target(
      name: "Simulation",
      dependencies: [
        "Alliance", "AllianceBench", "Indicators", "Keys", "Ledger", "Replication", "Seeded", "Signing", "Wire",
        protobuf,
      ], path: "Tests/Support/Simulation", swiftSettings: strict),
    .executableTarget(
      name: "simulate", dependencies: ["Simulation", "Wire", argumentParser], path: "Tests/Simulate",
      swiftSettings: strict),
    .testTarget(
      name: "LedgerTests",
      dependencies: [
        "Alliance", "AllianceBench", "Indicators", "Ledger", "Replication", "RepositoryFiles", "Seeded", "Signing",
        "Wire", protobuf,
      ]),
    .testTarget(
      name: "ReplicationTests",
      dependencies: [
        "Alliance", "AllianceBench", "Indicators", "Ledger", "Replication", "Seeded", "Signing", "Simulation", "Wire",
        protobuf,
      ]),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Alliance", "AllianceBench", "Audit", "CertificateBench", "Indicators", "Ledger", "Replication", "Seeded",
        "Signing", "Simulation", "Store", "Wire", grdb,
      ]),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Alliance", "AllianceBench", "Audit", "CertificateBench", "Control", "Formats", "Indicators", "Keys", "Ledger",
        "Operations", "Protected", "Replication", "Seeded", "Signing", "Simulation", "Verdicts", "Wire", asn1,
        hummingbirdCore, protobuf, x509,
      ], path: "Tests/Support/FuzzTargets", swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "RepositoryFiles"]),
    .target(name: "NodeBench", path: "Tests/Support/NodeBench", swiftSettings: strict),
    .testTarget(
      name: "TelemetryTests", dependencies: ["LogBench", "NodeBench", "Telemetry", logging, nioCore, serviceLifecycle]),
    .testTarget(
      name: "NodeTests",
      dependencies: [
        "CertificateBench", "Keys", "Node", "Operations", "Replication", "RepositoryFiles", "Telemetry", "Wire",
      ]),
    .testTarget(
      name: "vakaTests", dependencies: ["Alliance", "Formats", "Indicators", "Protected", "RepositoryFiles", "vaka"]),
    .testTarget(name: "EndToEndTests", dependencies: ["NodeBench", "RepositoryFiles", "vaka"]),
  ]
)
