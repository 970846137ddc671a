internal import SwiftProtobuf
internal import Wire

extension Row {
  /// The digest that a listing had under the hash key before, while both are open; nil for everything else.
  public var previousDigest: [UInt8]? {
    guard key.facet == .listing, let listing = try? WireListing(serializedBytes: statement),
      !listing.previousDigest.isEmpty
    else { return nil }
    return Array(listing.previousDigest)
  }
}
