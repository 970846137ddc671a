import Alliance
import FoundationEssentials
import NIOCore
import NIOSSL
import Synchronization
import Wire

/// Judges the other side inside one handshake and keeps the verdict, because the handshake's own error tells only that
/// the check failed.
final class PeerVerifier: Sendable {
  private let verdict = Mutex<Result<VerifiedPeer, PeerRefusal>?>(nil)
  private let judge: @Sendable ([[UInt8]]) async -> Result<VerifiedPeer, PeerRefusal>

  init(judge: @escaping @Sendable ([[UInt8]]) async -> Result<VerifiedPeer, PeerRefusal>) {
    self.judge = judge
  }

  var refusal: PeerRefusal? {
    guard case .failure(let refusal)? = verdict.withLock({ $0 }) else { return nil }
    return refusal
  }

  var peer: VerifiedPeer? {
    guard case .success(let peer)? = verdict.withLock({ $0 }) else { return nil }
    return peer
  }

  var callback: NIOSSLCustomVerificationCallbackWithMetadata {
    { certificates, promise in
      promise.completeWithTask { await self.verify(certificates) }
    }
  }

  private func verify(_ certificates: [NIOSSLCertificate]) async -> NIOSSLVerificationResultWithMetadata {
    let result: Result<VerifiedPeer, PeerRefusal>
    do {
      result = await judge(try certificates.map { try $0.toDERBytes() })
    } catch {
      result = .failure(PeerRefusal(.unreadableCertificate, "the certificate cannot be read as DER"))
    }
    verdict.withLock { $0 = result }
    switch result {
    case .success(let peer):
      let chain = try? peer.chain.map { try NIOSSLCertificate(bytes: $0, format: .der) }
      return .certificateVerified(VerificationMetadata(chain.map { ValidatedCertificateChain($0) }))
    case .failure:
      return .failed
    }
  }
}
