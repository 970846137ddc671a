import X509

/// The name that a leaf claims: exactly one URI, and beside it at most the DNS name that belongs to it.
struct ClaimedName {
  let uri: String
  private let dnsNames: [String]

  init(of leaf: Certificate) throws(PeerRefusal) {
    let names: SubjectAlternativeNames
    do {
      names = try leaf.extensions.subjectAlternativeNames ?? SubjectAlternativeNames()
    } catch {
      throw PeerRefusal(.unreadableCertificate, "the subject alternative names cannot be read")
    }
    var uris: [String] = []
    var dnsNames: [String] = []
    var others = 0
    for name in names {
      switch name {
      case .uniformResourceIdentifier(let uri): uris.append(uri)
      case .dnsName(let name): dnsNames.append(name)
      default: others += 1
      }
    }
    guard let uri = uris.first else {
      throw PeerRefusal(.noURIName, "the certificate carries no URI name")
    }
    guard uris.count == 1 else {
      throw PeerRefusal(.twoURINames, "the certificate carries \(uris.count) URI names, one is allowed")
    }
    guard others == 0 else {
      throw PeerRefusal(
        .unknownName, "the certificate carries a name that is neither URI nor DNS name", claimed: Printable(uri).text)
    }
    self.uri = uri
    self.dnsNames = dnsNames
  }

  /// A DNS name of another host would let the key speak for that host elsewhere.
  func refusal(for member: MemberAuthority) -> PeerRefusal? {
    guard let stranger = dnsNames.first(where: { $0.lowercased() != member.dnsName }) else { return nil }
    return PeerRefusal(
      .unknownName,
      "the DNS name \(Printable(stranger).text) is not \(member.dnsName)", claimed: uri, coalition: member.coalition)
  }
}

/// Text from a certificate, made safe for a log line: printable ASCII, at most 256 characters.
struct Printable {
  let text: String

  init(_ text: String) {
    let visible = text.unicodeScalars.prefix(256).map { (0x20...0x7e).contains($0.value) ? Character($0) : "?" }
    self.text = String(visible)
  }
}
