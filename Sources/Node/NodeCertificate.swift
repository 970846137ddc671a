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

  /// A renewal that is due and fails keeps no node from starting: one whose authority has ended is needed to publish another.
  /// - Throws: `Problem` of the file.
  init(in folder: String, now: Date) throws(Problem) {
    self.folder = folder
    current = Mutex(try LeafCertificate.load(from: folder + "/node.pem"))
    _ = try? renewIfDue(now: now)
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
    // An authority that is not the one in use is left from before, or waits until all peers know it.
    guard advice == .renew, let authority, authority.hasIssued(leaf) else { return false }
    try renew(under: authority, now: now)
    return true
  }

  /// A new one at once, whatever is left of the old.
  /// - Throws: `Problem` `authority-away`, or what the authority says.
  func renew(now: Date) throws(Problem) {
    let leaf = current.withLock { $0 }
    guard let authority = try? CertificateAuthority.load(from: folder + "/authority.pem"), authority.hasIssued(leaf)
    else {
      throw Problem(
        "authority-away", "the key of the certificate's authority is not here", object: folder,
        next: "bring a new certificate: vaka cert request, then vaka cert install FILE")
    }
    try renew(under: authority, now: now)
  }

  /// Takes what a command has put in its place.
  func reload() throws(Problem) {
    let leaf = try LeafCertificate.load(from: folder + "/node.pem")
    current.withLock { $0 = leaf }
  }

  /// Whether somebody must bring the next one.
  var mustBeBrought: Bool {
    let leaf = current.withLock { $0 }
    return (try? CertificateAuthority.load(from: folder + "/authority.pem"))?.hasIssued(leaf) != true
  }

  private func renew(under authority: CertificateAuthority, now: Date) throws(Problem) {
    let renewed = try authority.issueLeafWhileItLasts(now: now)
    try renewed.save(to: folder + "/node.pem")
    current.withLock { $0 = renewed }
  }
}
