internal import Glibc
public import Ledger
public import Signing
public import Wire

/// The last decision to sign, in a file outside the database and every backup: what tells a restored or copied store from
/// the one that signed last.
///
/// Two alternating slots of 4 KiB, each one text line
/// `vaka-sign-mark 1 SEQUENCE ALLIANCE EPOCH INDEX HASH SHA256`; the valid one with the highest sequence counts, so that a
/// torn write leaves the other.
public struct SignMark: Sendable, Hashable {
  /// Epoch, index and hash of the last head that was decided; nil in a fresh mark.
  public struct Decision: Sendable, Hashable {
    public let epoch: UInt32
    public let index: UInt64
    public let hash: ObjectHash

    public init(_ head: HeadReference) {
      epoch = head.epoch
      index = head.index
      hash = head.hash
    }

    init(epoch: UInt32, index: UInt64, hash: ObjectHash) {
      self.epoch = epoch
      self.index = index
      self.hash = hash
    }

    /// The head that was decided, which is one of this coalition's.
    public func reference(of coalition: CoalitionID) -> HeadReference {
      HeadReference(coalition: coalition, epoch: epoch, index: index, hash: hash)
    }

    public func names(_ head: HeadReference?) -> Bool {
      head.map { $0.epoch == epoch && $0.index == index && $0.hash == hash } ?? false
    }
  }

  private static let slotBytes = 4_096

  public let sequence: UInt64
  public let decision: Decision?

  /// Writes a fresh mark, as `init` does.
  public static func create(at path: String) throws(Problem) {
    try DurableFile.write(
      slot(SignMark(sequence: 0, decision: nil), alliance: nil) + [UInt8](repeating: 0x20, count: slotBytes), to: path)
  }

  /// - Throws: `Problem` `sign-mark-missing` or `sign-mark-unreadable`.
  public static func read(_ path: String, alliance: ObjectHash) throws(Problem) -> SignMark {
    let bytes: [UInt8]
    do {
      bytes = try DurableFile.read(path, noun: "sign mark", atMost: 4 * slotBytes)
    } catch {
      throw Problem(
        "sign-mark-missing", "the sign mark cannot be read: \(error.what)", object: path,
        next: "all peers must answer before this node signs")
    }
    let marks = [bytes.prefix(slotBytes), bytes.dropFirst(slotBytes)].compactMap { parse($0, alliance: alliance) }
    guard let newest = marks.max(by: { $0.sequence < $1.sequence }) else {
      throw Problem(
        "sign-mark-unreadable", "neither slot of the sign mark is whole, or it belongs to another alliance",
        object: path, next: "all peers must answer before this node signs")
    }
    return newest
  }

  /// Makes the decision durable in the slot that does not hold the newest mark.
  public func advance(to head: HeadReference, at path: String, alliance: ObjectHash) throws(Problem) -> SignMark {
    let next = SignMark(sequence: sequence + 1, decision: Decision(head))
    let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { Glibc.close(descriptor) }
    let slot = Self.slot(next, alliance: alliance)
    let offset = off_t(next.sequence % 2) * off_t(Self.slotBytes)
    let written = slot.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, offset) }
    guard written == slot.count, fsync(descriptor) == 0 else { throw Self.failure(path) }
    return next
  }

  /// A mark to start from when the file was missing or unreadable and all peers have answered.
  public static func replacing(decision: Decision?, at path: String, alliance: ObjectHash) throws(Problem) -> SignMark {
    let mark = SignMark(sequence: 2, decision: decision)
    try DurableFile.write(slot(mark, alliance: alliance) + [UInt8](repeating: 0x20, count: slotBytes), to: path)
    return mark
  }

  private static func slot(_ mark: SignMark, alliance: ObjectHash?) -> [UInt8] {
    let text =
      if let decision = mark.decision {
        "vaka-sign-mark 1 \(mark.sequence) \(alliance?.hex ?? "-") \(decision.epoch) \(decision.index) \(decision.hash.hex)"
      } else {
        "vaka-sign-mark 1 \(mark.sequence) - 0 0 -"
      }
    var bytes = Array("\(text) \(ObjectHash(sha256: Array(text.utf8)).hex)\n".utf8)
    bytes += [UInt8](repeating: 0x20, count: slotBytes - bytes.count)
    return bytes
  }

  private static func parse(_ slot: ArraySlice<UInt8>, alliance: ObjectHash) -> SignMark? {
    let line = String(decoding: slot.prefix { $0 != 0x0A }, as: UTF8.self)
    let parts = line.split(separator: " ").map(String.init)
    guard parts.count == 8, parts[0] == "vaka-sign-mark", parts[1] == "1", let sequence = UInt64(parts[2]),
      sequence < .max,
      parts[7] == ObjectHash(sha256: Array(parts.dropLast().joined(separator: " ").utf8)).hex
    else { return nil }
    if parts[3] == "-" { return SignMark(sequence: sequence, decision: nil) }
    guard parts[3] == alliance.hex, let epoch = UInt32(parts[4]), let index = UInt64(parts[5]),
      let hash = ObjectHash(hex: parts[6])
    else { return nil }
    return SignMark(sequence: sequence, decision: Decision(epoch: epoch, index: index, hash: hash))
  }

  private static func failure(_ path: String) -> Problem {
    Problem(
      "sign-mark-not-written",
      "the sign mark cannot be written: \(String(cString: strerror(errno))); nothing was signed",
      object: path, next: "check the disk; nothing was lost")
  }
}
