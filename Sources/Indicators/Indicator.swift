/// A payment identifier in its one canonical form.
///
/// It is made only by `parse`, so whoever holds one holds a valid identifier. Neither printing nor reflecting it shows
/// the value, so that it cannot slip into a log; ask for `value` where the value itself is meant.
public struct Indicator: Sendable, Hashable {
  public let type: IndicatorType

  /// What the value is scoped to, such as the chain of a crypto address; empty where the type needs none.
  public let scheme: String

  /// The canonical form. Parsing it again gives the same indicator.
  public let value: String

  /// The version of the rule that made the canonical form.
  public let normaliser: UInt8

  /// - Throws: `length` when scheme or value do not fit the length fields of the digest's message.
  init(type: IndicatorType, scheme: String, value: String, normaliser: UInt8) throws(IndicatorRejection) {
    guard scheme.utf8.count <= Int(UInt8.max), value.utf8.count <= Int(UInt16.max) else {
      throw .tooLongForDigest
    }
    self.type = type
    self.scheme = scheme
    self.value = value
    self.normaliser = normaliser
  }
}

extension Indicator: CustomStringConvertible, CustomDebugStringConvertible {
  /// The type and scheme; never the value.
  public var description: String {
    scheme.isEmpty ? "\(type.name) (value withheld)" : "\(type.name) on \(scheme) (value withheld)"
  }

  public var debugDescription: String { description }
}

extension Indicator: CustomReflectable {
  /// The type and scheme; never the value.
  public var customMirror: Mirror {
    Mirror(self, children: ["type": type.name, "scheme": scheme], displayStyle: .struct)
  }
}
