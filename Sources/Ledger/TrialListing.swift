#if NEWER_KIND
  internal import Foundation
  internal import SwiftProtobuf
  public import Wire

  /// A kind of statement that the version in use does not know: a listing that also names the round of a trial. It exists only in
  /// the build that `make mixed-versions` sets beside the usual one, with numbers that are reserved for experiments.
  public struct TrialListing: Sendable, Hashable {
    private static let roundField: UInt32 = 1_000
    /// A round from here on stands for a change that older software cannot check: its head names a later reader.
    private static let firstUncheckableRound: UInt32 = 1_000

    public let listing: WireListing
    /// Mandatory, from 1.
    public let round: UInt32

    public init(listing: WireListing, round: UInt32) {
      self.listing = listing
      self.round = round
    }

    /// Nil if the bytes are no listing.
    public init?(_ statement: [UInt8]) {
      guard let listing = try? WireListing(serializedBytes: statement) else { return nil }
      self.init(listing: listing, round: Self.round(in: Array(listing.unknownFields.data)))
    }

    /// The listing's own fields, then ours.
    public func statement() throws -> [UInt8] {
      try listing.serializedBytes() + Self.varint(Self.roundField << 3) + Self.varint(round)
    }

    static func lowestReader(for delta: Delta) -> UInt32 {
      let rounds = delta.changes.compactMap { change -> UInt32? in
        guard case .put(let row) = change, row.key.facet == .trial else { return nil }
        return TrialListing(row.statement)?.round
      }
      return rounds.contains { $0 >= firstUncheckableRound } ? 2 : Head.lowestReader
    }

    /// Zero if the field is not there.
    private static func round(in fields: [UInt8]) -> UInt32 {
      let tag = varint(roundField << 3)
      guard fields.starts(with: tag) else { return 0 }
      var (value, shift): (UInt32, UInt32) = (0, 0)
      for byte in fields.dropFirst(tag.count) where shift < 28 {
        value |= UInt32(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      return 0
    }

    private static func varint(_ number: UInt32) -> [UInt8] {
      var (rest, bytes): (UInt32, [UInt8]) = (number, [])
      while rest > 0x7F {
        bytes.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
      }
      return bytes + [UInt8(rest)]
    }
  }
#endif
