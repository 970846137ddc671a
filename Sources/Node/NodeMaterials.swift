internal import Alliance
public import Foundation
internal import Keys
internal import Links
public import Operations
internal import Replication
internal import Signing
internal import Store
internal import Wire

/// Everything that a node needs to run, loaded from its folder and checked once, under the instance lease.
public struct NodeMaterials: Sendable {
  let home: NodeHome
  let lease: InstanceLease
  let ledger: LedgerStore
  let vault: VaultStore
  let membership: Membership
  let sealer: HashKeySealer
  /// Nil if the key of the newest epoch is not here: the node then only listens, until a new epoch.
  let author: Author?
  /// What is wrong with that key, if it is here.
  let authorProblem: Problem?
  let certificate: NodeCertificate

  /// - Throws: `Problem` `home-in-use`, `no-alliance`, or what a part says.
  public init(_ home: NodeHome, now: Date) throws {
    self.home = home
    let file = try home.allianceFile()
    lease = try InstanceLease(home.folder)
    ledger = try LedgerStore.open(home.folder.ledger)
    vault = try VaultStore.open(home.folder.vault)
    var membership = try Membership(file)
    for record in try ledger.view({ try $0.records() }) {
      _ = try membership.extend(record.coalition, with: [record])
    }
    self.membership = membership
    guard let epoch = membership.record(of: home.coalition)?.epochs.last else {
      throw Problem("no-epoch", "the member record opens no signing epoch", object: "\(home.coalition)")
    }
    sealer = HashKeySealer(home, file: file)
    do throws(Problem) {
      author = try Self.author(of: home, epoch: epoch)
      authorProblem = nil
    } catch {
      (author, authorProblem) = (nil, error)
    }
    certificate = try NodeCertificate(in: home.folder.certificates, now: now)
  }

  /// - Throws: `Problem` `signing-key-other`.
  static func author(of home: NodeHome, epoch: SigningEpoch) throws(Problem) -> Author? {
    let path = home.folder.signingKey(epoch: epoch.number)
    guard DurableFile.exists(path) else { return nil }
    let key = try SigningKeyFile.read(path)
    guard key.verifyingKey == epoch.key else {
      throw Problem(
        "signing-key-other", "the signing key is not the one that the member record names", object: path,
        next: "restore the folder's keys from its backup, or open a new epoch: vaka key rotate")
    }
    return Author(coalition: home.coalition, epoch: epoch.number, key: key)
  }

  /// Which certificates speak for whom.
  static func trust(_ membership: Membership) -> PeerTrust {
    PeerTrust(
      members: membership.roster.coalitions.compactMap { membership.record(of: $0).map { MemberAuthority($0) } })
  }
}
