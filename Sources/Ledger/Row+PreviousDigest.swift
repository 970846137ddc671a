public import Indicators

/// The digest that the same indicator has under an older hash key, as a statement carries it while that key is open.
public struct PreviousDigest: Sendable, Hashable {
  public let digest: IndicatorDigest
  public let keyEpoch: UInt32

  /// Nil unless it is a digest under a key older than the statement's own.
  init?(_ digest: some Sequence<UInt8>, _ keyEpoch: UInt32, before newer: UInt32) {
    guard keyEpoch >= 1, keyEpoch < newer, let digest = IndicatorDigest(digest) else { return nil }
    self.digest = digest
    self.keyEpoch = keyEpoch
  }
}

extension Row {
  /// Nil where the statement names none, or this version cannot read it.
  public var previous: PreviousDigest? { ContentRule.read(self).previous }

  /// The key that the same statement had under the hash key before.
  public var previousKey: StatementKey? {
    guard let facet = key.facet else { return nil }
    return previous.map { StatementKey(facet, $0.digest) }
  }
}
