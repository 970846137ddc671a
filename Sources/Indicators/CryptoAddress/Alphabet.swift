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
}
