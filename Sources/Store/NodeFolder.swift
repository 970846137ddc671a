internal import Foundation
public import Wire

/// One node in one folder: where everything lies.
public struct NodeFolder: Sendable, Hashable {
  public let path: String

  public init(_ path: String) { self.path = path }

  public var settings: String { path + "/node.json" }
  public var identityKey: String { path + "/identity.key" }
  public var card: String { path + "/card.pem" }
  /// Of a folder that is a member's and no node's.
  public var memberCard: String { path + "/member.pem" }
  /// The coalition whose lists a member takes.
  public var trustedCoalition: String { path + "/coalition.pem" }
  public var alliance: String { path + "/alliance.pem" }
  /// The roster 1 that this home has signed while the alliance is still being founded.
  public var founding: String { path + "/founding.pem" }
  /// What was said about the roster that comes next: promises and votes.
  public var deliberation: String { path + "/deliberation" }
  /// The roster that we mean to propose in a round that we have opened.
  public var rosterDraft: String { path + "/roster-draft" }
  /// A hash key that we have proposed and that no roster has brought yet, sealed to us.
  public func proposedHashKey(_ commitment: String) -> String { path + "/keys/hash-proposed-\(commitment).key" }
  public func signingKey(epoch: UInt32) -> String { path + "/keys/signing-\(epoch).key" }
  public var sealingKey: String { path + "/keys/sealing.key" }
  public func hashKey(epoch: UInt32) -> String { path + "/keys/hash-\(epoch).key" }
  public var vaultKey: String { path + "/keys/vault.key" }
  /// Certificates and keys of the node's own authority.
  public var certificates: String { path + "/tls" }
  /// Another authority of the node's own that is published and not used yet.
  public var nextAuthority: String { certificates + "/authority-next.pem" }
  public var ledger: String { path + "/ledger.sqlite" }
  public var vault: String { path + "/vault.sqlite" }
  /// By which verdicts are judged; without it the policy for the EU.
  public var policy: String { path + "/policy.json" }
  /// What was screened here and what came of it.
  public var screening: String { path + "/screening.sqlite" }
  /// Who did what on this node.
  public var audit: String { path + "/audit.sqlite" }
  /// The operator's own never-list, beside the one that is shipped.
  public var neverList: String { path + "/never-list.csv" }
  /// What the operator allows although the shipped never-list protects it.
  public var allowed: String { path + "/never-list-allowed.json" }
  public var signMark: String { path + "/sign-mark" }
  /// Which heads are being applied, for a process that dies of one.
  public var applying: String { path + "/applying" }
  public var lease: String { path + "/lease" }
  public var controlSocket: String { path + "/control.sock" }

  /// Makes the folder and its parts, for the owner alone.
  /// - Throws: `Problem` `folder-not-made`.
  public func create() throws(Problem) {
    for folder in [path, path + "/keys", certificates] {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      } catch {
        throw Problem(
          "folder-not-made", "the folder cannot be made: \(error.localizedDescription)", object: folder,
          next: "choose another place with --home")
      }
    }
  }
}
