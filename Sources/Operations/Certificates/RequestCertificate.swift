internal import Alliance
internal import Audit
internal import Keys
internal import Signing
internal import Store
internal import Wire

/// `vaka cert request`: a new key, which stays here, and a request to be signed by an authority elsewhere.
public enum RequestCertificate {
  /// A request that was made before is given out again, so that its certificate still fits.
  /// - Returns: the request, as PEM.
  public static func run(_ home: NodeHome, anew: Bool = false) throws -> String {
    let (key, request) = (home.folder.certificates + "/request.key", home.folder.certificates + "/request.csr")
    if !anew, DurableFile.exists(key), DurableFile.exists(request) {
      return String(decoding: try DurableFile.read(request, noun: "certificate request"), as: UTF8.self)
    }
    let trustDomain = (try? home.currentMembership())?.record(of: home.coalition)?.trustDomain
    let made = try CertificateRequest.make(trustDomain: trustDomain ?? home.card.record.trustDomain)
    let text = Array((made.requestPEM + "\n").utf8)
    try AuditTrail(home.folder).write(
      AuditNote(.certificateRequested, after: "sha256:\(ObjectHash(sha256: text).hex)"))
    // The key first: a request whose key was lost is of no use to anybody.
    try DurableFile.write(Array((made.privateKeyPEM + "\n").utf8), to: key)
    try DurableFile.write(text, to: request)
    return made.requestPEM + "\n"
  }
}
