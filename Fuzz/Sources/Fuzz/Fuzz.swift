import Foundation
import FuzzTargets

/// libFuzzer's own loop, called from an ordinary program.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private let target = FuzzTarget(rawValue: ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "")

/// Drives the target that FUZZ_TARGET names; the rest is libFuzzer's command line.
@main
struct Fuzz {
  static func main() {
    guard target != nil else {
      print("FUZZ_TARGET is one of: " + FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
      exit(64)
    }
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(
      runDriver(&count, &arguments) { bytes, count in
        do {
          try target?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
        } catch {
          FileHandle.standardError.write(Data("broken promise: \(error)\n".utf8))
          abort()
        }
        return 0
      })
  }
}
