internal import Foundation
internal import Keys
internal import Links
internal import Synchronization
internal import Wire

/// The node's own certificate, renewed while the node runs if the authority's key is at hand: the next handshake shows
/// the new one, without a restart.
final class NodeCertificate: Sendable {
  private let folder: String
  private let current: Mutex<LeafCertificate>

  /// - Throws: `Problem` of the file, or of a renewal that is due at start.
  init(in folder: String, now: Date) throws(Problem) {
    self.folder = folder
    current = Mutex(try LeafCertificate.load(from: folder + "/node.pem"))
    _ = try renewIfDue(now: now)
  }

  var identity: LinkIdentity {
    current.withLock { LinkIdentity(chain: $0.chain, privateKeyPEM: $0.privateKeyPEM) }
  }

  var ends: Date { current.withLock { $0.notAfter } }

  /// - Returns: whether there is a new one.
  func renewIfDue(now: Date) throws(Problem) -> Bool {
    let leaf = current.withLock { $0 }
    let authority = try? CertificateAuthority.load(from: folder + "/authority.pem")
    let advice = LeafRenewal.advice(
      notBefore: leaf.notBefore, notAfter: leaf.notAfter, now: now, authorityAtHand: authority != nil)
    guard advice == .renew, let authority else { return false }
    let renewed = try authority.issueLeaf(now: now)
    try renewed.save(to: folder + "/node.pem")
    current.withLock { $0 = renewed }
    return true
  }
}
