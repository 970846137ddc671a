import Foundation
import Operations
import Wire

/// What goes to and comes from a person's terminal.
enum Terminal {
  static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
  static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// What happened, to which object, and what to do next.
  static func complain(_ problem: Problem) {
    note("vaka: \(problem.object.map { "\($0): " } ?? "")\(problem.what) [\(problem.code)]")
    if let next = problem.next { note("  next: \(next)") }
  }

  static func json(_ answer: some Encodable) throws {
    say(String(decoding: try AnswerFormat.encode(answer, pretty: true), as: UTF8.self))
  }

  /// A count with thousands spaced.
  static func count(_ number: Int) -> String {
    var groups: [String] = []
    var digits = Substring(String(number.magnitude))
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = digits.dropLast(3)
    }
    return (number < 0 ? "-" : "") + ([String(digits)] + groups).joined(separator: " ")
  }

  /// A count with what is counted: "1 row", "2 rows".
  static func count(_ number: Int, _ noun: String) -> String { "\(count(number)) \(noun)\(number == 1 ? "" : "s")" }

  static func changes(_ number: Int) -> String {
    number == 0 ? "no changes queued" : "\(count(number, "change")) queued"
  }

  /// Aligned columns, two spaces apart.
  static func table(_ rows: [[String]]) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
        .joined(separator: "  ").replacing(/\ +$/, with: "")
    }.joined(separator: "\n")
  }

  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 }

  /// Asks without showing what is typed.
  /// - Throws: `Problem` `no-terminal` if nobody can be asked.
  static func hidden(_ question: String, instead: String) throws -> String {
    guard isInteractive else { throw Problem("no-terminal", "nobody can be asked for the \(question)", next: instead) }
    FileHandle.standardError.write(Data("\(question): ".utf8))
    var before = termios()
    tcgetattr(STDIN_FILENO, &before)
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSANOW, &before)
      note("")
    }
    return readLine() ?? ""
  }

  static func confirm(_ question: String) -> Bool {
    guard isInteractive else { return false }
    FileHandle.standardError.write(Data("\(question) [y/N] ".utf8))
    return ["y", "yes"].contains((readLine() ?? "").lowercased())
  }
}
