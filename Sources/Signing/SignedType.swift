internal import Crypto

/// What a signed body is; part of what is signed, so that a head can never pass for a receipt.
public enum SignedType: String, Sendable, CaseIterable {
  case roster = "vaka/roster/1"
  case rosterPromise = "vaka/roster-promise/1"
  case rosterVote = "vaka/roster-vote/1"
  case record = "vaka/record/1"
  case head = "vaka/head/1"
  case receipt = "vaka/receipt/1"
  case memberList = "vaka/member-list/1"
  case auditCheckpoint = "vaka/audit-checkpoint/1"
  /// Hashed with the same encoding, never signed by itself: a head names it.
  case delta = "vaka/delta/1"

  /// The pre-authentication encoding of DSSE v1.0 (secure-systems-lab/dsse, `protocol.md`):
  /// `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in ASCII decimal.
  public func preAuthenticationEncoding(of body: [UInt8]) -> [UInt8] {
    var encoding = Array("DSSEv1 \(rawValue.utf8.count) \(rawValue) \(body.count) ".utf8)
    encoding.append(contentsOf: body)
    return encoding
  }

  /// The name of an object: SHA-256 over its pre-authentication encoding.
  public func hash(of body: [UInt8]) -> ObjectHash {
    ObjectHash(sha256: preAuthenticationEncoding(of: body))
  }
}
