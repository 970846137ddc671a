import Foundation
import Operations

/// One line on a person's terminal that says how far a long command is, how fast it goes and when it ends. Nothing is
/// written where nobody looks.
struct Progress {
  private let noun: String
  private let isShown: Bool
  private let started = ContinuousClock.now
  private var shownAt: ContinuousClock.Instant?

  /// - Parameter noun: what is counted, in the plural, after a verb: "rows read".
  init(_ noun: String, isQuiet: Bool) {
    self.noun = noun
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1
  }

  /// - Parameter all: nil while it is not known.
  mutating func show(_ done: Int, of all: Int? = nil) {
    let now = ContinuousClock.now
    guard isShown, shownAt.map({ now - $0 >= .milliseconds(200) }) ?? (now - started >= .milliseconds(500)) else {
      return
    }
    shownAt = now
    // Carriage return and "erase to the end of the line" (ECMA-48).
    let line = "\r\u{1B}[K" + Self.text(noun, done, of: all, after: now - started)
    FileHandle.standardError.write(Data(line.utf8))
  }

  /// Takes the line away.
  mutating func end() {
    if shownAt != nil { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    shownAt = nil
  }

  static func text(_ noun: String, _ done: Int, of all: Int?, after elapsed: Duration) -> String {
    let seconds = elapsed / .seconds(1)
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let count =
      all.map { "\(Terminal.count(done)) of \(Terminal.count($0)) \(noun)" } ?? "\(Terminal.count(done)) \(noun)"
    guard rate >= 1 else { return count }
    var text = "\(count) · \(Terminal.count(Int(rate))) a second"
    if let all, done < all {
      text += " · \(Moment.span(seconds: UInt64((Double(all - done) / rate).rounded(.up)))) left"
    }
    return text
  }
}
