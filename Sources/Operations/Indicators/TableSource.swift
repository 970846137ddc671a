internal import Glibc
internal import Wire

/// Where a table comes from, read piece by piece, so that its size does not matter.
public enum TableSource: Sendable {
  case file(String)
  case standardInput
  case bytes([UInt8])

  static let pieceBytes = 256 << 10

  /// The file's name without its folder; `-` for standard input.
  var name: String {
    switch self {
    case .file(let path): path.split(separator: "/").last.map(String.init) ?? path
    case .standardInput: "-"
    case .bytes: "(memory)"
    }
  }

  /// In bytes; nil where it is not known beforehand.
  var size: Int? {
    switch self {
    case .bytes(let bytes): return bytes.count
    case .standardInput: return nil
    case .file(let path):
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      // Fails for a pipe; a device has no end.
      let end = lseek(descriptor, 0, SEEK_END)
      return end > 0 ? end : nil
    }
  }

  /// Calls back with one piece after the other.
  /// - Throws: `Problem` `file-missing`, `file-not-read`, and what the body throws.
  func each(_ body: ([UInt8]) throws -> Void) throws {
    switch self {
    case .bytes(let bytes):
      for start in stride(from: 0, to: bytes.count, by: Self.pieceBytes) {
        try body(Array(bytes[start..<min(start + Self.pieceBytes, bytes.count)]))
      }
    case .standardInput: try Self.read(STDIN_FILENO, name: "-", body)
    case .file(let path):
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        if errno == ENOENT { throw Problem("file-missing", "the table is not there", object: path) }
        throw Problem("file-not-read", "the table cannot be read: \(String(cString: strerror(errno)))", object: path)
      }
      defer { close(descriptor) }
      try Self.read(descriptor, name: path, body)
    }
  }

  private static func read(_ descriptor: Int32, name: String, _ body: ([UInt8]) throws -> Void) throws {
    while true {
      // Read to where it will stay.
      var (count, failure) = (0, Int32(0))
      let piece = [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, length in
        count = Glibc.read(descriptor, buffer.baseAddress, pieceBytes)
        failure = errno
        length = max(count, 0)
      }
      if count == 0 { return }
      if count > 0 {
        try body(piece)
      } else if failure != EINTR {
        throw Problem("file-not-read", "the table cannot be read: \(String(cString: strerror(failure)))", object: name)
      }
    }
  }
}
