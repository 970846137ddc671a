/// What a file may say of an identifier beside itself, under the names that command line and files share. The values are texts as
/// they stand there; whoever lists judges them.
public enum ListingField: String, CaseIterable, Sendable {
  case reason
  case provenance
  case role
  case handling
  case permittedAction = "permitted-action"
  /// 0 to 100.
  case confidence
  /// ISO 3166-1 alpha-2.
  case country
  case caseReference = "case-reference"
  /// Days, such as 2027-05-31; so are the next three.
  case validFrom = "valid-from"
  case validUntil = "valid-until"
  case observedFrom = "observed-from"
  case observedUntil = "observed-until"
  case route
  case sourceGrade = "source-grade"
  /// 32 hexadecimal digits.
  case group
}
