import Foundation

/// The one clock of the commands: milliseconds since 1970.
func currentMilliseconds() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970) * 1_000) }
