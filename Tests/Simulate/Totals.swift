internal import Foundation
internal import Simulation

/// What many runs came to together.
struct Totals {
  private var (runs, heads, crashes, faults): (Int, Int, Int, Int) = (0, 0, 0, 0)
  private var (nodeDays, seconds): (Double, Double) = (0, 0)
  private var (bodies, new): (UInt64, UInt64) = (0, 0)

  mutating func add(_ report: Report, runs: Double, seconds: Double) {
    self.runs += 1
    heads += report.heads
    crashes += report.crashes
    faults += report.faults.values.reduce(0, +)
    nodeDays += Double(report.nodes) * Double(report.simulated) / 86_400_000 * runs
    self.seconds += seconds
    bodies += UInt64(report.waste * Double(report.newBytes))
    new += report.newBytes
  }

  func summary(failed: Int) -> String {
    """
    \(runs) seeds · \(String(format: "%.1f", nodeDays)) node-days in \(String(format: "%.1f", seconds)) CPU-seconds: \
    \(Int(seconds > 0 ? nodeDays / seconds * 3_600 : 0)) node-days/CPU-hour · \(heads) heads · \(faults) mishaps · \
    \(crashes) crashes · bodies × \(String(format: "%.3f", new == 0 ? 1 : Double(bodies) / Double(new))) · \(failed) failed
    """
  }

  /// What this process has used of the processor.
  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
