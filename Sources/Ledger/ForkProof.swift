internal import FoundationEssentials
public import Signing
public import Wire

/// Proof that a coalition's key signed two histories: (a) two heads of one epoch and index with different bodies, or (b) a
/// head, a later one of the same epoch, and the path by which the later one's history holds another hash at that index.
///
/// Nobody but the coalition's own key can make one, so it convinces whoever reads it, whoever passed it on.
public struct ForkProof: Sendable, Hashable {
  /// The earlier head; the proof acts from its index on.
  public let first: Head
  public let second: Head
  /// What the second's history holds in the place of the first, with its path; nil for kind (a).
  public let included: Inclusion?

  public struct Inclusion: Sendable, Hashable {
    public let hash: ObjectHash
    public let path: [ObjectHash]
  }

  public var coalition: CoalitionID { first.reference.coalition }
  public var epoch: UInt32 { first.reference.epoch }
  /// The earliest index at which two heads are proven.
  public var index: UInt64 { first.reference.index }

  /// Puts two heads together; nil if they prove nothing.
  /// - Parameter history: hashes of the heads before the later one, from index 0; only needed if the indexes differ.
  public init?(_ one: Head, _ other: Head, history: [ObjectHash] = []) {
    let (first, second) = one.reference.index <= other.reference.index ? (one, other) : (other, one)
    self.first = first
    self.second = second
    if first.reference.index == second.reference.index {
      included = nil
    } else {
      guard history.count >= Int(clamping: second.reference.index), let index = Int(exactly: first.reference.index),
        let path = HistoryPath.make(of: index, in: history[..<Int(clamping: second.reference.index)])
      else { return nil }
      included = Inclusion(hash: history[index], path: path)
    }
    guard contradicts else { return nil }
  }

  /// Whether the two heads stand in two histories; says nothing of their signatures.
  private var contradicts: Bool {
    guard first.alliance == second.alliance, first.reference.coalition == second.reference.coalition,
      first.reference.epoch == second.reference.epoch
    else { return false }
    guard let included else {
      return first.reference.index == second.reference.index && first.reference.hash != second.reference.hash
    }
    return first.reference.index < second.reference.index && included.hash != first.reference.hash
      && HistoryPath.proves(
        included.hash, at: first.reference.index, inTreeOf: second.reference.index, root: second.claims.historyRoot,
        by: included.path)
  }

  /// Whether it holds: both heads are signed by the key of their epoch and contradict each other.
  public func isValid(under authority: HeadAuthority) -> Bool {
    guard contradicts, first.alliance == authority.alliance, coalition == authority.coalition,
      let key = authority.epochs[epoch]?.key
    else { return false }
    return first.signed.isSigned(by: key) && second.signed.isSigned(by: key)
  }

  /// Of two proofs of one epoch the one that acts: from the smaller index on; at one index any, by the order of hashes.
  public func precedes(_ other: ForkProof?) -> Bool {
    guard let other else { return true }
    return (index, first.reference.hash, second.reference.hash)
      < (other.index, other.first.reference.hash, other.second.reference.hash)
  }
}

extension ForkProof {
  /// Reads a proof; whether it holds is asked by `isValid`.
  /// - Throws: `Fault.link` if it is none.
  public init(_ wire: WireForkProof) throws {
    let (one, other) = (
      try Head(SignedObject(type: .head, wire: wire.first)), try Head(SignedObject(type: .head, wire: wire.second))
    )
    first = one
    second = other
    if wire.included.isEmpty {
      included = nil
    } else {
      let path = wire.inclusion.compactMap { ObjectHash($0) }
      guard let hash = ObjectHash(wire.included), path.count == wire.inclusion.count,
        path.count <= HistoryPath.mostHashes
      else { throw Fault.link(Problem("fork-proof-unreadable", "the bytes are not a fork proof")) }
      included = Inclusion(hash: hash, path: path)
    }
    guard contradicts else {
      throw Fault.link(
        Problem("fork-proof-unreadable", "the two heads do not contradict each other", object: "\(one.reference)"))
    }
  }

  public var wire: WireForkProof {
    var wire = WireForkProof()
    wire.first = first.signed.wire
    wire.second = second.signed.wire
    if let included {
      wire.included = Data(included.hash.bytes)
      wire.inclusion = included.path.map { Data($0.bytes) }
    }
    return wire
  }
}
