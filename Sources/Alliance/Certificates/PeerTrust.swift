public import FoundationEssentials
public import Wire
@_spi(FixedExpiryValidationTime) import X509

/// Judges whether a presented certificate speaks for a member, by the CA certificates of that member alone.
///
/// The claimed URI selects the member and the member selects the authorities, so a certificate in Norway's name that
/// Sweden's authority issued has no path to stand on, whatever else Sweden's authority may issue. The value is built
/// anew when the roster or a record changes and is immutable in between.
public struct PeerTrust: Sendable {
  private let members: [String: TrustedMember]
  /// What in the roster and the records could not be used; for the log and for `status`.
  public let problems: [Problem]

  /// A trust domain that two members name is trusted for neither: which of them it is cannot be told here.
  public init(members: [MemberAuthority]) {
    var problems: [Problem] = []
    var trusted: [String: TrustedMember] = [:]
    let byURI = Dictionary(grouping: members, by: \.nodeURI)
    for (uri, claimants) in byURI.sorted(by: { $0.key < $1.key }) {
      guard let member = claimants.first, claimants.count == 1 else {
        problems.append(
          Problem(
            "trust-domain-twice", "two members of the roster name the same trust domain", object: uri,
            next: "Agree on a roster in which every trust domain belongs to one member."))
        continue
      }
      trusted[uri] = TrustedMember(member, problems: &problems)
    }
    self.members = trusted
    self.problems = problems
  }

  /// Judges a chain as RFC 5280 (section 6) and the profile of the alliance ask.
  ///
  /// - Parameters:
  ///   - chain: what the peer presented, each certificate as DER, leaf first.
  ///   - time: the time to judge at.
  ///   - role: which end of the handshake the judged side is.
  ///   - expecting: the coalition that was dialled; nil on the side that was called.
  public func judge(
    chain: [[UInt8]], at time: Date, role: PeerRole, expecting: CoalitionID?
  ) async -> Result<VerifiedPeer, PeerRefusal> {
    do {
      return .success(try await verified(chain: chain, at: time, role: role, expecting: expecting))
    } catch {
      return .failure(error)
    }
  }

  private func verified(
    chain: [[UInt8]], at time: Date, role: PeerRole, expecting: CoalitionID?
  ) async throws(PeerRefusal) -> VerifiedPeer {
    let presented = try PresentedChain(chain)
    let name = try ClaimedName(of: presented.leaf)
    let claimed = Printable(name.uri).text
    guard let owner = members[name.uri] else {
      throw PeerRefusal(.notInRoster, "no member of the roster has the name \(claimed)", claimed: claimed)
    }
    do throws(PeerRefusal) {
      let issuer = try issuer(of: presented.leaf, claiming: owner)
      try check(presented.leaf, under: issuer.certificate, of: owner, name: name, role: role, at: time)
      try await validatePath(presented.leaf, under: issuer.certificate, at: time)
      if let expecting, expecting != owner.member.coalition {
        throw PeerRefusal(.wrongPeer, "\(expecting) was dialled, \(owner.member.coalition) answered")
      }
      return VerifiedPeer(
        coalition: owner.member.coalition,
        notAfter: min(presented.leaf.notValidAfter, issuer.certificate.notValidAfter),
        chain: [presented.leafBytes, issuer.bytes])
    } catch {
      var refusal = error
      refusal.claimed = claimed
      refusal.coalition = owner.member.coalition
      throw refusal
    }
  }

  private func issuer(of leaf: Certificate, claiming owner: TrustedMember) throws(PeerRefusal)
    -> TrustedMember.Authority
  {
    if let issuer = owner.issuer(of: leaf) { return issuer }
    let coalition = owner.member.coalition
    if owner.authorities.isEmpty {
      throw PeerRefusal(.unusableAuthority, "the record of \(coalition) holds no CA certificate that can be used")
    }
    // Looked up for the sentence only: the certificate is refused either way.
    let stranger = members.values
      .sorted { $0.member.coalition < $1.member.coalition }
      .first { $0.issuer(of: leaf) != nil }
    guard let stranger else {
      throw PeerRefusal(.unknownAuthority, "no authority in the record of \(coalition) has signed the certificate")
    }
    throw PeerRefusal(
      .anotherMembersAuthority, "signed by the authority of \(stranger.member.coalition), not of \(coalition)")
  }

  private func check(
    _ leaf: Certificate, under issuer: Certificate, of owner: TrustedMember, name: ClaimedName, role: PeerRole,
    at time: Date
  ) throws(PeerRefusal) {
    if owner.hasRevoked(leaf) {
      throw PeerRefusal(.revoked, "\(owner.member.coalition) has revoked the certificate's serial number")
    }
    if let refusal = Validity.refusal(of: leaf, called: "the certificate", at: time)
      ?? Validity.refusal(of: issuer, called: "the authority of \(owner.member.coalition)", at: time)
      ?? LeafRules.refusal(of: leaf, role: role) ?? name.refusal(for: owner.member)
    {
      throw refusal
    }
  }

  /// Runs the library's path validation over what is left to check. Time, authority, usages and critical extensions
  /// have been judged above with their own codes, so what it still refuses is a name or a malformed certificate.
  private func validatePath(_ leaf: Certificate, under issuer: Certificate, at time: Date) async throws(PeerRefusal) {
    var verifier = Verifier(rootCertificates: CertificateStore([issuer])) {
      RFC5280Policy(fixedExpiryValidationTime: time)
      ProfileExtensions()
    }
    let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore())
    guard case .couldNotValidate(let failures) = result else { return }
    guard let failure = failures.first else {
      throw PeerRefusal(.unknownAuthority, "no path leads from the certificate to the authority")
    }
    let reason = Printable("\(failure.policyFailureReason)").text
    guard (try? issuer.extensions.nameConstraints) != nil else {
      throw PeerRefusal(.unreadableCertificate, "the certificate breaks the rules of RFC 5280: \(reason)")
    }
    throw PeerRefusal(.nameConstraint, "a name is outside of what the authority may issue: \(reason)")
  }
}
