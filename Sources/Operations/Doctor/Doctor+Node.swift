internal import Alliance
internal import FoundationEssentials
internal import Keys
internal import Ledger
internal import Signing
internal import Store
internal import Wire

/// What the node keeps.
extension Doctor {
  /// Every page of both files, and every row against the sums that its coalition signed.
  func stores(_ home: NodeHome) -> [Finding] {
    var findings: [Finding] = []
    do {
      let ledger = try LedgerStore.openReadOnly(folder.ledger)
      defer { try? ledger.close() }
      let report = try ledger.checkIntegrity()
      if let fault = report.faults.first {
        findings.append(
          Finding(
            "ledger", .broken, fault,
            next: "stop the node, keep the folder as it is, and restore the newest backup of all of it"))
      } else {
        let text = "\(report.statements) statements of \(report.coalitions) coalitions agree with their signed digests"
        findings.append(.good("ledger", text))
      }
      findings.append(try signMark(home, ledger))
      if let membership = home.membership {
        for coalition in membership.roster.coalitions {
          guard let hold = try ledger.view({ try $0.hold(of: coalition) }) else { continue }
          findings.append(
            Finding(
              "coalition \(coalition)", .attention, "kept at its last good head: \(hold.what)",
              next: hold.next ?? "it is tried again by itself; tell \(coalition) if it lasts"))
        }
        let current = (try? home.currentMembership()) ?? membership
        for held in try ledger.view({ try HeldRecords.all(current, $0) }) {
          findings.append(
            Finding(
              "records of \(held.coalition)", .attention,
              "\(held.problem.object ?? "\(held.coalition)"): \(held.problem.what)", next: held.problem.next))
        }
      }
    } catch {
      findings.append(.broken("ledger", error))
    }
    do {
      let vault = try VaultStore.openReadOnly(folder.vault)
      defer { try? vault.close() }
      if let fault = try vault.checkIntegrity() {
        findings.append(
          Finding("vault", .broken, fault, next: "restore the vault and its key from one backup: peers do not have it"))
      } else {
        findings.append(.good("vault", "whole"))
      }
    } catch {
      findings.append(.broken("vault", error))
    }
    return findings
  }

  private func signMark(_ home: NodeHome, _ ledger: LedgerStore) throws -> Finding {
    let name = "sign mark"
    guard let membership = home.membership else { return .good(name, "not needed before there is an alliance") }
    do throws(Problem) {
      let mark = try SignMark.read(folder.signMark, alliance: membership.alliance)
      let head: HeadReference?
      do {
        head = try ledger.view { try $0.position(of: home.coalition).head }
      } catch {
        return .broken(name, error)
      }
      if mark.decision.map({ $0.names(head) }) ?? (head == nil) {
        return .good(name, head.map { "names our newest head, \($0.epoch)/\($0.index)" } ?? "nothing was signed yet")
      }
      return Finding(
        name, .attention, "names another head than the store's newest",
        next: "if the node was just killed, start it: it finishes what was decided; else restore the newest store")
    } catch {
      return .broken(name, error)
    }
  }

  func keys(_ home: NodeHome) -> [Finding] {
    var findings: [Finding] = []
    if DurableFile.exists(folder.identityKey) {
      findings.append(
        Finding(
          "identity key", .attention, "still lies on this machine",
          next:
            "move \(folder.identityKey) and its .pledge offline, with a copy of the key; only the other members can replace it"
        ))
    } else {
      findings.append(.good("identity key", "not on this machine"))
    }
    do {
      if let membership = home.membership, let epoch = membership.record(of: home.coalition)?.epochs.last {
        let path = folder.signingKey(epoch: epoch.number)
        guard try SigningKeyFile.read(path).verifyingKey == epoch.key else {
          throw Problem(
            "signing-key-other", "the signing key is not the one that the member record names", object: path)
        }
        let today = Day.of(milliseconds: Moment.milliseconds(now))
        if let warning = try OpenHashKeys.warning(missing: home.openHashKeys(on: today).missing) {
          findings.append(
            Finding(
              "hash keys", .attention, warning, next: "leave the node running: any peer that has the key gives it"))
        }
      }
      _ = try SealingKey(file: folder.sealingKey)
      _ = try VaultKey(file: folder.vaultKey)
      findings.append(.good("keys", "signing, sealing, hash and vault keys can be read"))
    } catch {
      findings.append(.broken("keys", error))
    }
    return findings
  }
}
