/// How many values of a kind there are in practice. Whoever holds the hash key can try them all, so this says what a digest
/// of such a value hides from a key holder: most often nothing.
public struct SearchSpace: Sendable, Hashable {
  /// The decimal order of the count: 9 means about 10^9 values.
  public let order: Int
  /// Which values are counted, such as "card numbers of one issuer with eight known digits".
  public let counted: String

  public init(order: Int, _ counted: String) {
    self.order = order
    self.counted = counted
  }
}
