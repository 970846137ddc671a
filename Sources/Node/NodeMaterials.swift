internal import Alliance
public import Foundation
internal import Keys
internal import Ledger
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
  /// What is missing of members' records, or contradicts itself.
  let recordProblems: [CoalitionID: Problem]
  let next: OpenRoster
  let sealer: HashKeySealer
  /// Nil if the key of the newest epoch is not here: the node then only listens, until a new epoch.
  let author: Author?
  /// What is wrong with that key, if it is here.
  let authorProblem: Problem?
  let certificate: NodeCertificate

  /// - Throws: `Problem` `home-in-use`, `no-alliance`, or what a part says.
  public init(_ home: NodeHome, now: Date) throws {
    self.home = home
    let file = try home.newestAllianceFile()
    lease = try InstanceLease(home.folder)
    ledger = try LedgerStore.open(home.folder.ledger)
    vault = try VaultStore.open(home.folder.vault)
    let records = try ledger.view { try $0.records() }
    let membership: Membership
    (membership, recordProblems) = try Membership.make(file, besides: records)
    self.membership = membership
    next = OpenRoster(try home.deliberation(), records: records)
    sealer = HashKeySealer(home, file: file, roster: membership.roster)
    // It may have been cut short when the roster came in force.
    _ = try? sealer.takeProposed()
    do throws(Problem) {
      author = try Self.author(of: home, in: membership)
      authorProblem = nil
    } catch {
      (author, authorProblem) = (nil, error)
    }
    certificate = try NodeCertificate(in: home.folder.certificates, now: now)
  }

  /// - Throws: `Problem` `removed`, `epoch-retired`, `no-epoch` or `signing-key-other`.
  static func author(of home: NodeHome, in membership: Membership) throws(Problem) -> Author? {
    let roster = membership.roster
    guard roster.member(home.coalition) != nil else {
      throw Problem(
        "removed", "roster \(roster.number) has removed \(home.coalition): nobody takes anything from this node",
        object: "\(home.coalition)",
        next: "ask the members why; if they admit it again, it comes back with a new epoch: vaka key rotate")
    }
    guard let epoch = membership.record(of: home.coalition)?.epochs.last else {
      throw Problem("no-epoch", "the member record opens no signing epoch", object: "\(home.coalition)")
    }
    guard epoch.number > roster.retiredEpoch(of: home.coalition) else {
      throw Problem(
        "epoch-retired", "epoch \(epoch.number) ended when \(home.coalition) was removed", object: "\(home.coalition)",
        next: "vaka key rotate")
    }
    return try author(of: home, epoch: epoch)
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
