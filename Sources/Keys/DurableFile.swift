internal import FoundationEssentials
internal import Glibc
public import Wire

/// Writing a small file so that it is either the old one or the new one, on disk, whatever happens: written beside it,
/// synced, renamed over it, and the folder synced.
public enum DurableFile {
  /// - Parameter permissions: of the new file; private keys are 0600.
  /// - Throws: `Problem` `file-not-written` with the system's reason.
  public static func write(_ bytes: [UInt8], to path: String, permissions: UInt32 = 0o600) throws(Problem) {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions)
    guard descriptor >= 0 else { throw failure(path) }
    var isWritten = fchmod(descriptor, permissions) == 0
    var offset = 0
    while isWritten, offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { offset += count } else if errno != EINTR { isWritten = false }
    }
    isWritten = isWritten && fsync(descriptor) == 0
    let reason = errno
    Glibc.close(descriptor)
    guard isWritten, rename(temporary, path) == 0 else {
      let problem = failure(path, isWritten ? errno : reason)
      unlink(temporary)
      throw problem
    }
    syncFolder(of: path)
  }

  /// - Throws: `Problem` `file-missing` or `file-not-read`.
  public static func read(_ path: String, noun: String, atMost: Int = 1 << 20) throws(Problem) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw Problem("file-missing", "the \(noun) is not there", object: path) }
      throw Problem("file-not-read", "the \(noun) cannot be read: \(String(cString: strerror(errno)))", object: path)
    }
    defer { Glibc.close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw Problem("file-not-read", "the \(noun) cannot be read: \(String(cString: strerror(errno)))", object: path)
      }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= atMost else {
        throw Problem("file-too-large", "the \(noun) is larger than \(atMost) bytes", object: path)
      }
    }
  }

  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func syncFolder(of path: String) {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    Glibc.close(descriptor)
  }

  private static func failure(_ path: String, _ code: Int32 = errno) -> Problem {
    Problem(
      "file-not-written", "the file cannot be written: \(String(cString: strerror(code)))", object: path,
      next: "check the folder's owner, its permissions and the free space")
  }
}
