public import Signing
public import Wire

/// The name of one head: whose, which, and the hash of its body.
public struct HeadReference: Sendable, Hashable, CustomStringConvertible {
  public let coalition: CoalitionID
  /// From 1.
  public let epoch: UInt32
  /// From 0 in each epoch.
  public let index: UInt64
  public let hash: ObjectHash

  public init(coalition: CoalitionID, epoch: UInt32, index: UInt64, hash: ObjectHash) {
    self.coalition = coalition
    self.epoch = epoch
    self.index = index
    self.hash = hash
  }

  /// Whether this head comes after the other one of the same coalition; every head comes after none.
  public func isAfter(_ other: HeadReference?) -> Bool {
    guard let other else { return true }
    return (epoch, index) > (other.epoch, other.index)
  }

  /// As people read it: epoch and index.
  public var description: String { "\(coalition) \(epoch)/\(index)" }
}
