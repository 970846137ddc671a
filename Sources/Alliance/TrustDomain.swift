public import Signing
public import Wire

/// The name under which a coalition's certificates are issued, as in `spiffe://<trust-domain>/node`. Unique in the
/// alliance and never used again.
public enum TrustDomain {
  /// `<id>-<first 8 characters of the identity fingerprint, lower case>.vaka.internal`.
  public static func standard(for coalition: CoalitionID, identity: VerifyingKey) -> String {
    let characters = Fingerprint(identity: identity, of: coalition).description.lowercased().filter { $0 != "-" }
    return "\(coalition)-\(characters.prefix(8)).vaka.internal"
  }

  /// A DNS name (RFC 1123) of at least two labels, lower case.
  public static func isValid(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 200 && labels.count >= 2
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
              || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
          }
      }
  }
}
