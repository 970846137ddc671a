internal import FoundationEssentials
internal import Wire

/// What goes over the control socket: frames of a 4-byte big-endian length and so many bytes, one request and one reply
/// at a time. The first line of a frame is the operation, or `ok` or `problem`; the rest is JSON.
package enum ControlFrame {
  /// The most that one frame holds.
  package static let mostBytes = 32 << 20

  package static func encode(_ word: String, _ body: [UInt8]) -> [UInt8] { Array(word.utf8) + [0x0A] + body }

  package static func decode(_ frame: [UInt8]) -> (word: String, body: [UInt8])? {
    guard let end = frame.firstIndex(of: 0x0A), end <= 64 else { return nil }
    return (String(decoding: frame[..<end], as: UTF8.self), Array(frame[(end + 1)...]))
  }

  static func encode(_ result: Result<[UInt8], Problem>) -> [UInt8] {
    switch result {
    case .success(let body): encode("ok", body)
    case .failure(let problem): encode("problem", (try? JSONEncoder().encode(problem)).map { Array($0) } ?? [])
    }
  }
}
