import SwiftASN1
public import Wire
import X509

/// The text of a file with a private key and its certificates, one after another as PEM (RFC 7468).
///
/// One file, so that a crash cannot leave a new certificate beside an old key; OpenSSL takes it for `-cert` and `-key`
/// alike.
struct KeyAndCertificates {
  let key: Certificate.PrivateKey
  let certificates: [Certificate]

  init(key: Certificate.PrivateKey, certificates: [Certificate]) {
    self.key = key
    self.certificates = certificates
  }

  init(file: String) throws(Problem) {
    let text = try CertificateFile.read(file)
    do {
      let documents = try PEMDocument.parseMultiple(pemString: text)
      let isCertificate = { (document: PEMDocument) in
        document.discriminator == Certificate.defaultPEMDiscriminator
      }
      guard let key = documents.first(where: { !isCertificate($0) }) else { throw Missing() }
      self.key = try Certificate.PrivateKey(pemDocument: key)
      certificates = try documents.filter(isCertificate).map { try Certificate(pemDocument: $0) }
      guard !certificates.isEmpty else { throw Missing() }
    } catch {
      throw Problem("bad-certificate", "the file does not hold a private key and its certificate", object: file)
    }
  }

  func save(to file: String) throws(Problem) {
    let text = try CertificateAuthority.issuing {
      try ([key.serializeAsPEM()] + certificates.map { try $0.serializeAsPEM() })
        .map { $0.pemString + "\n" }.joined()
    }
    try CertificateFile.write(text, to: file)
  }

  private struct Missing: Error {}
}

extension CertificateAuthority {
  /// Writes key and certificate as one PEM file that only the owner may read, durably.
  ///
  /// - Throws: `file-not-written`.
  public func save(to file: String) throws(Problem) {
    try KeyAndCertificates(key: key, certificates: [certificate]).save(to: file)
  }

  /// - Throws: `file-missing`, `file-not-read`, `key-file-open`, `bad-certificate`, `not-an-authority` or `key-mismatch`.
  public static func load(from file: String) throws(Problem) -> CertificateAuthority {
    let contents = try KeyAndCertificates(file: file)
    guard let certificate = contents.certificates.first else {
      throw Problem("bad-certificate", "the file holds no certificate", object: file)
    }
    return try CertificateAuthority(certificate: certificate, key: contents.key, file: file)
  }
}

extension LeafCertificate {
  /// Writes key and chain as one PEM file that only the owner may read, durably.
  ///
  /// - Throws: `file-not-written`.
  public func save(to file: String) throws(Problem) {
    let key = try Self.key(privateKeyPEM)
    let certificates = try CertificateAuthority.issuing { try chain.map { try Certificate(derEncoded: $0) } }
    try KeyAndCertificates(key: key, certificates: certificates).save(to: file)
  }

  /// - Throws: `file-missing`, `file-not-read`, `key-file-open`, `bad-certificate` or `key-mismatch`.
  public static func load(from file: String) throws(Problem) -> LeafCertificate {
    let contents = try KeyAndCertificates(file: file)
    guard let leaf = contents.certificates.first, leaf.publicKey == contents.key.publicKey else {
      throw Problem("key-mismatch", "the key does not belong to the certificate", object: file)
    }
    return try CertificateAuthority.issuing {
      try LeafCertificate(
        certificate: leaf, others: Array(contents.certificates.dropFirst()), key: contents.key)
    }
  }
}
