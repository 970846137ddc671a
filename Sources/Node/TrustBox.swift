internal import Alliance
internal import Synchronization

/// The trust that the next handshake reads, so that a new roster or record acts without a restart.
final class TrustBox: Sendable {
  private let box: Mutex<PeerTrust>

  init(_ trust: PeerTrust) { box = Mutex(trust) }

  var trust: PeerTrust {
    get { box.withLock { $0 } }
    set { box.withLock { $0 = newValue } }
  }
}
