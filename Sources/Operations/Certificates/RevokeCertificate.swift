internal import Alliance
internal import Control
internal import Keys
internal import Signing
internal import Store
internal import Wire

/// `vaka cert revoke`: takes a certificate of ours back, by its serial number, in the next record. Every member closes the links
/// that were made with it as soon as it has the record.
public struct RevokeCertificate: Sendable, Codable {
  public let serial: String
  public let record: UInt32
  /// Whether it was the one in use, and a new one was issued before.
  public let renewed: Bool

  /// - Parameter serial: hexadecimal, with or without colons.
  /// - Throws: `Problem` `bad-serial`, `already-revoked`, `authority-away` if it is the one in use and nobody here can issue another, or as
  ///   `ChangeRecord`.
  public static func run(
    _ home: NodeHome, serial text: String, identityKey: String?, passphrase: String, anyway: Bool
  ) throws -> RevokeCertificate {
    var digits = text.filter { $0 != ":" }
    if digits.count % 2 == 1 { digits = "0" + digits }
    guard let bytes = Hexadecimal.decode(digits), (1...20).contains(bytes.count) else {
      throw Problem(
        "bad-serial", "a serial number is up to 40 hexadecimal digits", object: text,
        next: "vaka cert show, or openssl x509 -noout -serial -in FILE")
    }
    let serial = Array(bytes.drop { $0 == 0 })
    let change = try ChangeRecord(home, anyway: anyway)
    guard !change.record.revokedSerials.contains(serial) else {
      throw Problem("already-revoked", "record \(change.record.number) has taken it back", object: text)
    }
    let current = try LeafCertificate.load(from: home.folder.certificates + "/node.pem")
    let isCurrent = Array(current.serial.drop { $0 == 0 }) == serial
    // Never without a certificate: the next one is shown before this one is worth nothing.
    if isCurrent {
      _ = try NodeCall.certificate.ask(change.client, CertificateCall.renew, for: CertificateCall.Answer.self)
    }
    let next = try change.run(
      RecordChange(revokedSerials: [serial]), identityKey: identityKey, passphrase: passphrase)
    return RevokeCertificate(serial: Hexadecimal.encode(serial), record: next.number, renewed: isCurrent)
  }
}
