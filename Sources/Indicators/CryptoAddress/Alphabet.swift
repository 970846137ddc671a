/// The characters of a number system, in the order of their values.
struct Alphabet {
  let characters: [UInt8]

  // One entry for every byte, so that a look-up needs no search.
  private let values: [UInt8?]

  init(_ text: StaticString) {
    let characters = Array(text.description.utf8)
    self.characters = characters
    values = (UInt8.min...UInt8.max).map { byte in
      characters.firstIndex(of: byte).flatMap { UInt8(exactly: $0) }
    }
  }

  /// The value of a character, or nil when it is not in the alphabet.
  func value(_ character: UInt8) -> UInt8? { values[Int(character)] }
}

extension Alphabet {
  /// Base58 of Bitcoin and most that followed it.
  static let bitcoin = Alphabet("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")

  /// Base58 of the XRP Ledger: the same characters in another order, so that its addresses begin with `r`.
  static let ripple = Alphabet("rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz")

  /// Bech32 (BIP-173), in lower case.
  static let bech32 = Alphabet("qpzry9x8gf2tvdw0s3jn54khce6mua7l")

  /// Base32 (RFC 4648, section 6), as Stellar and Algorand write it.
  static let base32 = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

  /// The same in lower case, as Filecoin and onion services write it.
  static let lowerBase32 = Alphabet("abcdefghijklmnopqrstuvwxyz234567")

  /// Base64 (RFC 4648, section 4), and with the two signs that are safe in links (section 5).
  static let base64 = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  static let linkBase64 = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
}

extension Alphabet {
  /// The values of a text, or nil when one of its characters is not in the alphabet.
  func values(_ text: some Collection<UInt8>) -> [UInt8]? {
    var values: [UInt8] = []
    values.reserveCapacity(text.count)
    for character in text {
      guard let value = value(character) else { return nil }
      values.append(value)
    }
    return values
  }
}
