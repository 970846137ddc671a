internal import SwiftProtobuf
internal import Wire

/// Which kinds of statement and which values a version of the software knows. What a later one knows is set aside here
/// until this
/// node is upgraded too; a node that plays an older version takes older rules.
public struct ContentRules: Sendable, Hashable {
  /// Raised whenever a kind, a value or a rule is added: what is set aside is then judged again.
  public let version: UInt32
  public var facets: Set<UInt8>
  /// Numbers of indicator types, reasons, roles, provenances, handlings and grounds of a dispute.
  public var types: Set<Int>
  public var reasons: Set<Int>
  public var roles: Set<Int>
  public var provenances: Set<Int>
  public var handlings: Set<Int>
  public var grounds: Set<Int>

  /// Those of this software.
  #if NEWER_KIND
    public static let current = ContentRules(version: 2)
  #else
    public static let current = ContentRules(version: 1)
  #endif

  /// All that this software knows, under a version.
  public init(version: UInt32) {
    self.version = version
    facets = Set([Facet.listing, .sighting, .dispute].map(\.rawValue))
    #if NEWER_KIND
      facets.insert(Facet.trial.rawValue)
    #endif
    types = Self.all(WireIndicatorType.self)
    reasons = Self.all(WireReason.self)
    roles = Self.all(WireSubjectRole.self)
    provenances = Self.all(WireProvenance.self)
    handlings = Self.all(WireHandling.self)
    grounds = Self.all(WireDisputeGround.self)
  }

  private static func all<Value: SwiftProtobuf.Enum & CaseIterable>(_ type: Value.Type) -> Set<Int> {
    Set(Value.allCases.map(\.rawValue)).subtracting([0])
  }
}
