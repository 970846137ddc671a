/// Why a node goes no further than monitoring on an indicator, whatever was stated of it: this node's own doubt, not a
/// statement.
public enum GuardFinding: Sendable, Hashable {
  /// It stands on the never-list: in which category, and where that can be checked.
  case neverList(category: String, source: String)
  /// It matched too much of what was screened: so many rows, of so many identifiers.
  case hitRate(rows: UInt64, screened: UInt64)
}
