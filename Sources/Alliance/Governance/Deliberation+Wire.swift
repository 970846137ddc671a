internal import FoundationEssentials
internal import Signing
internal import SwiftProtobuf
public import Wire

extension Deliberation {
  /// More bytes than this are not read at once.
  public static let mostBytes = 16 << 20

  /// Reads what somebody sent, or what was stored: a whole deliberation or a part of one. What does not count is left out and
  /// named, so that one bad statement never holds up the others.
  /// - Throws: `Problem` `roster-deliberation-unreadable`.
  public static func read(
    bytes: [UInt8], after chain: RosterChain
  ) throws(Problem) -> (deliberation: Deliberation, refused: [Problem]) {
    guard bytes.count <= mostBytes, let wire = try? WireRosterDeliberation(serializedBytes: bytes) else {
      throw Problem("roster-deliberation-unreadable", "the bytes are not promises and votes on a roster")
    }
    var (read, refused) = (Deliberation(after: chain), [Problem]())
    for promise in wire.promises {
      do { try read.add(RosterPromise(SignedObject(type: .rosterPromise, wire: promise))) } catch {
        refused.append(error)
      }
    }
    var rosters: [ObjectHash: Roster] = [:]
    for roster in wire.rosters {
      do {
        let roster = try Roster(SignedObject(type: .roster, wire: roster))
        try chain.check(roster)
        rosters[roster.hash] = roster
      } catch { refused.append(error) }
    }
    for ballot in wire.ballots {
      do { read.insert(try Ballot(ballot, rosters: rosters, in: chain.election)) } catch { refused.append(error) }
    }
    return (read, refused)
  }

  /// The same for everyone who knows the same.
  public var bytes: [UInt8] { Self.bytes(promises: promises, ballots: ballots) }

  /// In pieces of about this many bytes, each of which can be read by itself.
  public func parts(of most: Int) -> [[UInt8]] {
    var (parts, promises, ballots, size) = ([[UInt8]](), [RosterPromise](), [Ballot](), 0)
    var named: Set<ObjectHash> = []
    func cost(_ signed: SignedObject) -> Int { signed.body.count + signed.signatures.count * 96 + 16 }
    func close() {
      if !promises.isEmpty || !ballots.isEmpty { parts.append(Self.bytes(promises: promises, ballots: ballots)) }
      (promises, ballots, size, named) = ([], [], 0, [])
    }
    for promise in self.promises {
      if size + cost(promise.signed) > most { close() }
      size += cost(promise.signed)
      promises.append(promise)
    }
    for ballot in self.ballots {
      let own = cost(ballot.vote.signed) + cost(ballot.proposerVote.signed)
      if size + own + (named.contains(ballot.roster.hash) ? 0 : cost(ballot.roster.signed)) > most { close() }
      size += own + (named.insert(ballot.roster.hash).inserted ? cost(ballot.roster.signed) : 0)
      ballots.append(ballot)
    }
    close()
    return parts
  }

  static func bytes(promises: [RosterPromise], ballots: [Ballot]) -> [UInt8] {
    var wire = WireRosterDeliberation()
    var rosters: [ObjectHash: Roster] = [:]
    for ballot in ballots { rosters[ballot.roster.hash] = ballot.roster }
    wire.rosters = rosters.sorted { $0.key < $1.key }.map(\.value.signed.wire)
    wire.promises = promises.map(\.signed.wire)
    wire.ballots = ballots.map(\.wire)
    return (try? wire.serializedBytes()) ?? []
  }
}
