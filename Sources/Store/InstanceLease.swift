internal import Glibc
public import Wire

/// Held by the one process that may write to a node's folder: a second one would sign a second history.
///
/// A lock of the kernel on an open file (flock), so that it goes with the process, however it ends.
public final class InstanceLease: Sendable {
  private let descriptor: Int32

  /// - Parameter patience: milliseconds to wait for a command that is about to end.
  /// - Throws: `Problem` `home-in-use` if another process holds it for longer, `lease-failed` otherwise.
  public init(_ folder: NodeFolder, patience: UInt32 = 5_000) throws(Problem) {
    let descriptor = open(folder.lease, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Problem(
        "lease-failed", "the lease cannot be opened: \(String(cString: strerror(errno)))", object: folder.lease,
        next: "run vaka as the user who owns the folder")
    }
    var (waited, isOurs) = (UInt32(0), flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    while !isOurs, waited < patience {
      usleep(50_000)
      waited += 50
      isOurs = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }
    guard isOurs else {
      close(descriptor)
      throw Problem(
        "home-in-use", "another process is writing to this home", object: folder.path,
        next: "is vaka serve running? vaka status tells")
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
