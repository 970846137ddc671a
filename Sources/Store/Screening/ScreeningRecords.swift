public import Indicators

/// One run over a table, or one value.
public struct ScreeningRun: Sendable, Hashable {
  /// What stood in a column: the name of a type and the name of the column.
  public struct Column: Sendable, Hashable, Codable {
    public let type: String
    public let name: String

    public init(type: String, name: String) {
      self.type = type
      self.name = name
    }
  }

  public let id: Int64
  /// Milliseconds since 1970.
  public let startedAt: UInt64
  /// The table's file name without its folder, `-` for standard input, or empty for a single value.
  public let source: String
  public let columns: [Column]
  public let identifiers: Int
  /// Milliseconds since 1970; nil if nothing of it is remembered.
  public let rememberUntil: UInt64?
}

/// A place in a screening: which row and which of its columns.
public struct ScreenedPlace: Sendable, Hashable {
  public let screening: Int64
  /// The line on which the row begins; 1 for a single value.
  public let line: Int
  /// Of the columns of the screening, from 0.
  public let column: Int

  public init(screening: Int64, line: Int, column: Int) {
    self.screening = screening
    self.line = line
    self.column = column
  }
}

/// A hit as it is kept: where, on what, and what was said of it at that moment. The value itself is nowhere.
public struct MatchRecord: Sendable, Hashable {
  public let place: ScreenedPlace
  public let digest: IndicatorDigest
  /// Milliseconds since 1970.
  public let foundAt: UInt64
  public let verdict: String
  public let ceiling: String
  /// The listing came after the value was screened.
  public let isLate: Bool
  /// A person has looked at it.
  public let isSeen: Bool

  public init(
    place: ScreenedPlace, digest: IndicatorDigest, foundAt: UInt64, verdict: String, ceiling: String,
    isLate: Bool = false, isSeen: Bool = false
  ) {
    self.place = place
    self.digest = digest
    self.foundAt = foundAt
    self.verdict = verdict
    self.ceiling = ceiling
    self.isLate = isLate
    self.isSeen = isSeen
  }
}

/// A screened value that is remembered: the first 16 bytes of its digest, and where it stood.
public struct RememberedDigest: Sendable, Hashable {
  public let leading: LeadingBytes
  public let place: ScreenedPlace

  public init(leading: LeadingBytes, place: ScreenedPlace) {
    self.leading = leading
    self.place = place
  }
}

/// An indicator that matched too much to be believed, until it is released.
public struct HeldIndicator: Sendable, Hashable {
  public let digest: IndicatorDigest
  /// Rows that it matched, of so many identifiers screened.
  public let rows: UInt64
  public let screened: UInt64
  /// Milliseconds since 1970.
  public let since: UInt64
  public let releasedAt: UInt64?
}

/// A list that was made for a member.
public struct ListExport: Sendable, Hashable {
  /// Milliseconds since 1970.
  public let madeAt: UInt64
  public let member: String
  /// The fingerprint of the card that it was sealed for.
  public let card: String
  public let entries: Int
  /// Of the file, hexadecimal SHA-256.
  public let hash: String

  public init(madeAt: UInt64, member: String, card: String, entries: Int, hash: String) {
    self.madeAt = madeAt
    self.member = member
    self.card = card
    self.entries = entries
    self.hash = hash
  }
}
