internal import FoundationEssentials
internal import Glibc

/// What Linux says of this process; nil where it says nothing.
struct ProcessReading: Sendable {
  let residentBytes: Int?
  let openDescriptors: Int?

  /// Reads `/proc/self` (proc(5)).
  static func now() -> ProcessReading {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").dropFirst().first.flatMap { Int($0) }
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count
    return ProcessReading(
      residentBytes: pages.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }, openDescriptors: descriptors)
  }
}
