import SwiftASN1
import X509

/// The certificates that a peer presented, read within limits.
///
/// Only the leaf is parsed: what else was sent is neither needed nor trusted, because a leaf stands directly under an
/// authority that the roster already holds.
struct PresentedChain {
  /// No honest chain comes near these; they bound what an unknown caller can make a node parse.
  static let maximumCertificates = 4
  static let maximumBytes = 16 * 1024

  let leaf: Certificate
  let leafBytes: [UInt8]

  init(_ chain: [[UInt8]]) throws(PeerRefusal) {
    guard let first = chain.first else {
      throw PeerRefusal(.noCertificate, "no certificate was presented")
    }
    guard chain.count <= Self.maximumCertificates else {
      throw PeerRefusal(
        .unreadableCertificate,
        "\(chain.count) certificates were presented, the limit is \(Self.maximumCertificates)")
    }
    guard chain.allSatisfy({ $0.count <= Self.maximumBytes }) else {
      throw PeerRefusal(.unreadableCertificate, "a certificate is longer than \(Self.maximumBytes) bytes")
    }
    do {
      leaf = try Certificate(derEncoded: first)
    } catch {
      throw PeerRefusal(.unreadableCertificate, "the certificate cannot be read as X.509")
    }
    leafBytes = first
  }
}
