internal import Alliance
internal import CertificateBench
internal import SwiftASN1
internal import Wire
internal import X509

/// What a caller presents before anybody knows who it is. Keys are drawn anew in every process, so an input is a row of decisions
/// and not a certificate, but for those that are read as they come.
struct FuzzCertificates: Sendable {
  static let shared = Result { try FuzzCertificates() }

  private let bench: BenchAlliance
  private let trust: PeerTrust
  private let leaf: Certificate
  private let leafBytes: [UInt8]

  private init() throws {
    bench = try BenchAlliance()
    trust = try bench.trust()
    leafBytes = try bench.leaf("se").chain[0]
    leaf = try Certificate(derEncoded: leafBytes)
  }

  func run(_ bytes: [UInt8]) throws {
    var choices = Choices(bytes)
    let role: PeerRole = choices.below(2) == 0 ? .client : .server
    switch choices.below(4) {
    case 0:
      // Nobody has signed this.
      let chain = [choices.taken(Int(choices.byte()) << 8 | Int(choices.byte())), choices.all()].filter { !$0.isEmpty }
      try BrokenPromise.check(judged(chain, role, by: trust) == nil, "bytes of nobody are nobody's certificate")
    case 1:
      let damaged = choices.damaged(leafBytes)
      if judged([damaged], role, by: trust) != nil {
        let read = try Certificate(derEncoded: damaged)
        try BrokenPromise.check(
          read.tbsCertificateBytes == leaf.tbsCertificateBytes, "what was not signed speaks for nobody")
      }
    case 2: try judgeExtensions(&choices, role)
    default:
      // A record with an authority that its coalition has damaged.
      var member = try bench.member("se")
      member.authorities = member.authorities.map { choices.damaged($0) }
      let other = PeerTrust(members: [member, try bench.member("no")])
      try BrokenPromise.check(other.problems.count <= member.authorities.count, "an authority has one problem at most")
      _ = judged([leafBytes], role, by: other)
      let no = try bench.leaf("no").chain
      try BrokenPromise.check(judged(no, role, by: other)?.rawValue == "no", "another's bad record harms nobody")
    }
  }

  /// Extensions of any bytes, signed by the member's own authority.
  private func judgeExtensions(_ choices: inout Choices, _ role: PeerRole) throws {
    var extensions: [Certificate.Extension] = []
    for one in leaf.extensions {
      var (oid, isCritical, value) = (one.oid, one.critical, Array(one.value))
      switch choices.below(6) {
      case 0: continue
      case 1: value = choices.damaged(value)
      case 2: value = choices.taken(choices.below(64))
      case 3: isCritical.toggle()
      case 4: oid = choices.one(of: Self.others) ?? oid
      default: break
      }
      if !extensions.contains(where: { $0.oid == oid }) {
        extensions.append(Certificate.Extension(oid: oid, critical: isCritical, value: value[...]))
      }
    }
    let made = try bench.authority("se").issue(extensions: extensions, as: leaf)
    guard let owner = judged([made], role, by: trust) else { return }
    let read = try Certificate(derEncoded: made)
    let names = try read.extensions.subjectAlternativeNames.map(Array.init) ?? []
    let uris = names.filter { if case .uniformResourceIdentifier = $0 { true } else { false } }
    try BrokenPromise.check(
      uris == [.uniformResourceIdentifier("spiffe://\(try BenchAlliance.domain("se"))/node")],
      "who is let in has one URI, its own")
    try BrokenPromise.check(owner.rawValue == "se", "an authority speaks for its member alone")
    try BrokenPromise.check(
      read.extensions.allSatisfy { one in
        !one.critical || Self.acted.contains(one.oid) || leaf.extensions.contains { $0.oid == one.oid }
      }, "no unknown critical extension is passed over")
  }

  private static let others: [ASN1ObjectIdentifier] = [
    .X509ExtensionID.nameConstraints, .X509ExtensionID.authorityKeyIdentifier, [2, 5, 29, 32],
    [1, 3, 6, 1, 4, 1, 55555, 2],
  ]

  /// Besides those of an honest leaf.
  private static let acted: [ASN1ObjectIdentifier] = [
    .X509ExtensionID.nameConstraints, .X509ExtensionID.authorityKeyIdentifier,
  ]

  /// The coalition that the chain speaks for; nil if it is refused.
  private func judged(_ chain: [[UInt8]], _ role: PeerRole, by trust: PeerTrust) -> CoalitionID? {
    InlineExecutor.run {
      let result = await trust.judge(chain: chain, at: Bench.now, role: role, expecting: nil)
      return try? result.get().coalition
    }
  }
}
