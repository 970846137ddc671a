internal import SwiftProtobuf
public import Wire

extension Facet {
  /// Whether a statement of this kind lists an indicator.
  public var lists: Bool {
    #if NEWER_KIND
      self == .listing || self == .trial
    #else
      self == .listing
    #endif
  }
}

extension Row {
  /// What a row that lists an indicator says; nil for every other kind, and for what cannot be read.
  public var listing: WireListing? {
    switch key.facet {
    case .listing: try? WireListing(serializedBytes: statement)
    #if NEWER_KIND
      case .trial: TrialListing(statement)?.listing
    #endif
    default: nil
    }
  }
}
