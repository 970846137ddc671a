internal import Foundation
internal import Glibc
public import Wire

/// Which heads are being applied, noted before and struck out after, so that a node that dies of one does not die of it again and
/// again: after two such deaths in a row the coalition is held and the node starts.
///
/// A line in a file, written without a sync: it must outlive the process, not the machine. A power cut is nobody's fault.
public final class ApplyingNote: Sendable {
  private let path: String

  /// What the last process was at when it ended, and how often in a row.
  public struct Suspect: Sendable, Hashable {
    public let coalition: CoalitionID
    /// As people read it, such as `no 1/17`.
    public let head: String
    public let deaths: Int
  }

  /// So many deaths in a row hold a coalition.
  public static let mostDeaths = 2

  public init(_ path: String) { self.path = path }

  /// Reads what is left of the process before; nil if it ended with nothing under way.
  public func suspect() -> Suspect? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
    guard parts.count == 3, let deaths = Int(parts[0]), let coalition = CoalitionID(parts[1]) else { return nil }
    return Suspect(
      coalition: coalition, head: parts[2].trimmingCharacters(in: .whitespacesAndNewlines), deaths: deaths + 1)
  }

  /// - Parameter before: how often the same was left behind in a row before.
  public func begin(_ coalition: CoalitionID, head: String, after before: Int) {
    write("\(before) \(coalition) \(head)\n")
  }

  public func end() { write("") }

  /// A failure to write only costs this precaution.
  private func write(_ text: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }
}
