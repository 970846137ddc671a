import FoundationEssentials
import X509

/// Tells expired from not yet valid, which the library's policy reports in prose only.
enum Validity {
  static func refusal(of certificate: Certificate, called name: String, at time: Date) -> PeerRefusal? {
    if time < certificate.notValidBefore {
      return PeerRefusal(.notYetValid, "\(name) is valid from \(text(certificate.notValidBefore))")
    }
    if time > certificate.notValidAfter {
      return PeerRefusal(.expired, "\(name) was valid until \(text(certificate.notValidAfter))")
    }
    return nil
  }

  private static func text(_ date: Date) -> String { date.formatted(.iso8601) }
}
