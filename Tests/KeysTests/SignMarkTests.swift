import CertificateBench
import Keys
import Ledger
import Signing
import Testing
import Wire

/// The last decision to sign, whatever happens to the file.
@Suite struct SignMarkTests {
  private let folder: TemporaryFolder
  private let path: String
  private let alliance = ObjectHash(sha256: [1])
  private let se: CoalitionID

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("sign-mark")
    se = try #require(CoalitionID("se"))
  }

  private func head(_ index: UInt64) -> HeadReference {
    HeadReference(coalition: se, epoch: 1, index: index, hash: ObjectHash(sha256: [2, UInt8(index)]))
  }

  /// A file with three decisions in it.
  private func three() throws -> SignMark {
    try SignMark.create(at: path)
    var mark = try SignMark.read(path, alliance: alliance)
    #expect(mark.decision == nil)
    for index in 0..<3 as Range<UInt64> { mark = try mark.advance(to: head(index), at: path, alliance: alliance) }
    return mark
  }

  private func code() -> String? {
    do {
      _ = try SignMark.read(path, alliance: alliance)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func keepsTheNewestDecision() throws {
    let mark = try three()
    #expect(try SignMark.read(path, alliance: alliance) == mark)
    #expect(mark.decision?.names(head(2)) == true)
    #expect(mark.decision?.names(head(1)) == false)
    #expect(mark.decision?.names(nil) == false)
    #expect(try folder.permissions("sign-mark") == 0o600)
    #expect(try folder.bytes("sign-mark").count == 8_192)
  }

  /// A torn write spoils the slot that is written, which is never the one that counts.
  @Test(arguments: [0, 1, 17, 60, 150]) func fallsBackToTheOtherSlot(byte: Int) throws {
    _ = try three()
    var bytes = try folder.bytes("sign-mark")
    // Sequence 3 is odd, so it lies in the second slot.
    bytes[4_096 + byte] ^= 0x11
    try folder.write(bytes, to: "sign-mark")
    #expect(try SignMark.read(path, alliance: alliance).decision?.names(head(1)) == true)
    bytes[byte] ^= 0x11
    try folder.write(bytes, to: "sign-mark")
    #expect(code() == "sign-mark-unreadable")
  }

  @Test func tellsMissingFromUnreadable() throws {
    #expect(code() == "sign-mark-missing")
    for bytes in [[], [0x20], [UInt8](repeating: 0xff, count: 8_192), [UInt8](repeating: 0, count: 100)] {
      try folder.write(bytes, to: "sign-mark")
      #expect(code() == "sign-mark-unreadable")
    }
  }

  @Test func belongsToOneAlliance() throws {
    _ = try three()
    #expect(throws: Problem.self) { try SignMark.read(path, alliance: ObjectHash(sha256: [9])) }
  }

  /// Whole by its own check value, and yet it must not overflow.
  @Test func refusesASequenceThatCannotGrow() throws {
    let text = "vaka-sign-mark 1 \(UInt64.max) \(alliance.hex) 1 0 \(head(0).hash.hex)"
    try folder.write(Array("\(text) \(ObjectHash(sha256: Array(text.utf8)).hex)\n".utf8), to: "sign-mark")
    #expect(code() == "sign-mark-unreadable")
  }

  @Test func replacesWhatIsLost() throws {
    let mark = try SignMark.replacing(decision: .init(head(7)), at: path, alliance: alliance)
    #expect(try SignMark.read(path, alliance: alliance) == mark)
    let next = try mark.advance(to: head(8), at: path, alliance: alliance)
    #expect(try SignMark.read(path, alliance: alliance) == next)
  }

  @Test func saysWhenNothingWasWritten() throws {
    let mark = try three()
    do {
      _ = try mark.advance(to: head(3), at: folder.path("nowhere/sign-mark"), alliance: alliance)
      Issue.record("written")
    } catch {
      #expect(error.code == "sign-mark-not-written" && error.what.contains("nothing was signed"))
    }
  }
}
