import Alliance
import NIOSSL

/// What a TLS error means, told by BoringSSL's numbers rather than by its prose.
///
/// An error code packs a library in its upper 8 bits and a reason in its lower 12 (BoringSSL, err.h). NIOSSL shows
/// the code only as the first number of an error's description, hence the parsing.
enum TLSFault: Hashable {
  /// The other side sent this alert.
  case alert(String)
  case noCertificate
  case version
  /// The certificate's key usage does not allow to sign a handshake; BoringSSL looks at it before our own check.
  case keyUsage
  /// Our own check failed; the verifier knows why.
  case verification
  /// The connection ended in the handshake.
  case ended
  case other(String)

  init?(_ error: any Error) {
    switch error {
    case let error as NIOSSLError:
      guard case .handshakeFailed(let inner) = error else { return nil }
      self.init(inner)
    case let error as BoringSSLError:
      self.init(error)
    default:
      return nil
    }
  }

  private init(_ error: BoringSSLError) {
    guard case .sslError(let stack) = error else {
      self = .other("\(error)")
      return
    }
    if stack.contains(.eofDuringHandshake) || stack.contains(.eofDuringAdditionalCertficiateChainValidation) {
      self = .ended
      return
    }
    self = stack.compactMap(Self.reason).compactMap(Self.fault).first ?? .other(stack.map(\.description).joined())
  }

  /// The reason of an error of the SSL library (number 16), nil for any other.
  private static func reason(_ error: BoringSSLInternalError) -> Int? {
    let words = error.description.split(separator: " ", maxSplits: 2)
    guard words.count > 1, words[0] == "Error:", let code = UInt32(words[1]), code >> 24 == 16 else { return nil }
    return Int(code & 0xfff)
  }

  private static func fault(_ reason: Int) -> TLSFault? {
    switch reason {
    case 125: .verification  // SSL_R_CERTIFICATE_VERIFY_FAILED
    case 192: .noCertificate  // SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE
    case 240, 247: .version  // SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_VERSION_NUMBER
    case 302: .keyUsage  // SSL_R_KEY_USAGE_BIT_INCORRECT
    case 156: .other("plain HTTP was sent to a TLS port")  // SSL_R_HTTP_REQUEST
    case 1000...1255: .alert(TLSAlert.name(reason - 1000))  // SSL_AD_REASON_OFFSET
    default: nil
    }
  }
}

extension TLSFault {
  /// What our side refused before its own check of the certificate could run, if it was that.
  var refusal: PeerRefusal? {
    switch self {
    case .noCertificate:
      PeerRefusal(.noCertificate, "no certificate was presented")
    case .version:
      PeerRefusal(.tlsVersion, "the peer does not speak TLS 1.3")
    case .keyUsage:
      PeerRefusal(.wrongKeyUsage, "the key usage does not allow digitalSignature")
    case .verification:
      PeerRefusal(.handshakeFailed, "the certificate was not accepted")
    case .other:
      PeerRefusal(.handshakeFailed, "the handshake broke the protocol")
    case .alert, .ended:
      nil
    }
  }
}

/// The plain names of the alerts of TLS (RFC 8446, section 6, and the registry of IANA).
enum TLSAlert {
  static func name(_ number: Int) -> String { names[number] ?? "alert \(number)" }

  private static let names = [
    0: "close notify", 10: "unexpected message", 20: "bad record mac", 22: "record overflow",
    40: "handshake failure", 42: "bad certificate", 43: "unsupported certificate", 44: "certificate revoked",
    45: "certificate expired", 46: "certificate unknown", 47: "illegal parameter", 48: "unknown ca",
    49: "access denied", 50: "decode error", 51: "decrypt error", 70: "protocol version",
    71: "insufficient security", 80: "internal error", 86: "inappropriate fallback", 90: "user canceled",
    109: "missing extension", 110: "unsupported extension", 112: "unrecognized name",
    113: "bad certificate status response", 115: "unknown psk identity", 116: "certificate required",
    120: "no application protocol",
  ]
}
