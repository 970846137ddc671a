internal import Alliance
internal import Links
internal import Wire

/// All that dialling a peer takes, whatever the client is for.
struct Dialling: Sendable {
  let certificate: NodeCertificate
  let trustBox: TrustBox
  let refusals: RecentRefusals
  let traffic: Traffic
  /// What this process calls itself to its peers, 32 hexadecimal digits.
  let instance: String

  func client(of peer: CoalitionID, in membership: Membership, limits: LinkLimits = LinkLimits()) -> PeerClient {
    PeerClient(
      coalition: peer, endpoints: Self.endpoints(of: peer, membership), instance: instance,
      identity: { [certificate] in certificate.identity },
      trust: { [trustBox] in trustBox.trust },
      limits: limits,
      refused: { [refusals, traffic] in
        refusals.note($0)
        traffic.refused($0.refusal.code)
      })
  }

  static func endpoints(of peer: CoalitionID, _ membership: Membership) -> [Endpoint] {
    membership.record(of: peer)?.endpoints.compactMap { Endpoint($0) } ?? []
  }
}
