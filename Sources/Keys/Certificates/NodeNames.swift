import Alliance
import Wire
import X509

/// How a node is named in what this package issues and asks for.
enum NodeNames {
  static func alternatives(_ trustDomain: String) -> SubjectAlternativeNames {
    SubjectAlternativeNames([
      .uniformResourceIdentifier(NodeName.uri(trustDomain: trustDomain)),
      .dnsName(NodeName.dns(trustDomain: trustDomain)),
    ])
  }

  /// The common name is for people; it is limited to 64 characters (RFC 5280, appendix A.1).
  static func subject(_ trustDomain: String) throws -> DistinguishedName {
    let name = NodeName.dns(trustDomain: trustDomain)
    return try DistinguishedName { CommonName(name.count <= 64 ? name : "node") }
  }

  /// A URI name constraint needs a fully qualified host name (RFC 5280, section 4.2.1.10), so one label is too few.
  ///
  /// - Throws: `bad-trust-domain`.
  static func check(trustDomain: String) throws(Problem) {
    guard TrustDomain.isValid(trustDomain) else {
      throw Problem(
        "bad-trust-domain", "a trust domain is a host name in lower case of at least two labels",
        object: trustDomain, next: "Take a name under a domain of the coalition, such as vaka.example.org.")
    }
  }
}
