public import Foundation
public import Wire

/// What a command asks of the running node about its certificate.
public enum CertificateCall: String, Sendable, Codable {
  /// Take what was put in its place.
  case reload
  /// Issue a new one at once.
  case renew

  public struct Answer: Sendable, Codable {
    public let ends: Date

    public init(ends: Date) { self.ends = ends }
  }
}

/// Who among the members has our newest record, by their own answers.
public struct RecordHolders: Sendable, Codable {
  public struct Lack: Sendable, Codable {
    public let coalition: CoalitionID
    /// Why, or what is not known.
    public let why: String

    public init(coalition: CoalitionID, why: String) {
      self.coalition = coalition
      self.why = why
    }
  }

  /// The number of our newest record.
  public let record: UInt32
  public let held: [CoalitionID]
  public let lacking: [Lack]

  public init(record: UInt32, held: [CoalitionID], lacking: [Lack]) {
    self.record = record
    self.held = held
    self.lacking = lacking
  }
}
