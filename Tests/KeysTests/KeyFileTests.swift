import AllianceBench
import CertificateBench
import Indicators
import Keys
import Signing
import Testing
import Wire

/// Keys in files, and files that are whole or as before.
@Suite struct KeyFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func keysComeBackAndAreForTheOwnerAlone() throws {
    let signing = try FreshKeys.signingKey()
    try SigningKeyFile.write(signing, to: folder.path("signing"))
    #expect(try SigningKeyFile.read(folder.path("signing")).verifyingKey == signing.verifyingKey)
    let hash = try #require(HashKey(epoch: 3, bytes: FreshKeys.bytes(32)))
    try HashKeyFile.write(hash, to: folder.path("hash"))
    let read = try HashKeyFile.read(folder.path("hash"))
    #expect(read.epoch == 3)
    #expect(read.withUnsafeBytes { Array($0) } == hash.withUnsafeBytes { Array($0) })
    let sealing = SealingKey()
    try sealing.write(to: folder.path("sealing"))
    #expect(try SealingKey(file: folder.path("sealing")).publicKey == sealing.publicKey)
    for name in ["signing", "hash", "sealing"] { #expect(try folder.permissions(name) == 0o600) }
  }

  @Test(arguments: ["", "12", "zz", String(repeating: "0", count: 66)])
  func damagedKeysAreNamed(text: String) throws {
    try folder.write(Array(text.utf8), to: "key")
    let path = folder.path("key")
    #expect(problemCode { _ = try SigningKeyFile.read(path) } == "key-unreadable")
    #expect(problemCode { _ = try HashKeyFile.read(path) } == "key-unreadable")
    #expect(problemCode { _ = try SealingKey(file: path) } == "key-unreadable")
    #expect(problemCode { _ = try VaultKey(file: path) } == "key-unreadable")
    #expect(problemCode { _ = try VaultKey(file: folder.path("nowhere")) } == "file-missing")
  }

  @Test func theVaultOpensOnlyWhatIsItsOwn() throws {
    try VaultKey.create(at: folder.path("one"))
    try VaultKey.create(at: folder.path("two"))
    let (one, two) = (try VaultKey(file: folder.path("one")), try VaultKey(file: folder.path("two")))
    let key = [UInt8](repeating: 1, count: 33)
    let sealed = try one.seal(Array("a value".utf8), for: key)
    #expect(try one.open(sealed, for: key) == Array("a value".utf8))
    #expect(try one.seal(Array("a value".utf8), for: key) != sealed, "a nonce of its own each time")
    var other = key
    other[32] = 2
    #expect(problemCode { _ = try one.open(sealed, for: other) } == "vault-item-damaged", "not under another key")
    #expect(problemCode { _ = try two.open(sealed, for: key) } == "vault-item-damaged")
    for place in sealed.indices {
      var changed = sealed
      changed[place] ^= 1
      #expect(problemCode { _ = try one.open(changed, for: key) } == "vault-item-damaged")
    }
    #expect(problemCode { _ = try one.open([], for: key) } == "vault-item-damaged")
  }

  @Test func writesAFileWholeOrNotAtAll() throws {
    let path = folder.path("file")
    try DurableFile.write([1], to: path)
    try DurableFile.write([2, 3], to: path, permissions: 0o644)
    #expect(try folder.bytes("file") == [2, 3])
    #expect(try folder.permissions("file") == 0o644)
    #expect(try folder.names() == ["file"], "nothing is left beside it")
    #expect(problemCode { try DurableFile.write([1], to: folder.path("nowhere/file")) } == "file-not-written")
    #expect(problemCode { _ = try DurableFile.read(path, noun: "file", atMost: 1) } == "file-too-large")
    #expect(problemCode { _ = try DurableFile.read(folder.path("other"), noun: "file") } == "file-missing")
  }
}
