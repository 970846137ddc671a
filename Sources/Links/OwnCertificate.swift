public import Alliance
public import FoundationEssentials
public import Wire

/// Checks our own certificate against our own roster, in both roles: what to look at first when a peer refuses us.
///
/// - Returns: the first thing our own check would refuse, or nil if it finds nothing; then the peer's roster, its copy
///   of our record or its clock differs from ours.
public func checkOwnCertificate(
  identity: LinkIdentity, trust: PeerTrust, now: Date, coalition: CoalitionID
) async -> PeerRefusal? {
  for role in PeerRole.allCases {
    let verdict = await trust.judge(chain: identity.chain, at: now, role: role, expecting: coalition)
    if case .failure(let refusal) = verdict { return refusal }
  }
  return nil
}
