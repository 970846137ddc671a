import Crypto

/// Base58, by Bitcoin's alphabet unless another is named, and the checksum of Base58Check.
///
/// The encoding is unique: a leading `1` (the digit zero) stands for exactly one leading zero byte, so a text that
/// decodes is the only text for its bytes.
enum Base58 {
  /// The longest text that is decoded. Decoding takes the square of the length, and the longest address here, one
  /// of Cardano's first kind, needs about 114.
  static let textLimit = 128

  static let checksumLength = 4

  static func isDigit(_ character: UInt8) -> Bool { Alphabet.bitcoin.value(character) != nil }

  /// Nil when the text is too long or has a character outside the alphabet.
  static func decode(_ text: some Collection<UInt8>, alphabet: Alphabet = .bitcoin) -> [UInt8]? {
    guard text.count <= textLimit else { return nil }
    // Little-endian while it grows.
    var number: [UInt8] = []
    for character in text {
      guard let value = alphabet.value(character) else { return nil }
      var carry = UInt32(value)
      for index in number.indices {
        carry += UInt32(number[index]) * 58
        number[index] = UInt8(truncatingIfNeeded: carry)
        carry >>= 8
      }
      if carry > 0 { number.append(UInt8(truncatingIfNeeded: carry)) }
    }
    let zeros = text.prefix { alphabet.value($0) == 0 }.count
    return Array(repeating: 0, count: zeros) + number.reversed()
  }

  static func encode(_ bytes: some Collection<UInt8>, alphabet: Alphabet = .bitcoin) -> [UInt8] {
    var digits: [UInt8] = []
    for byte in bytes {
      var carry = UInt32(byte)
      for index in digits.indices {
        carry += UInt32(digits[index]) << 8
        digits[index] = UInt8(truncatingIfNeeded: carry % 58)
        carry /= 58
      }
      while carry > 0 {
        digits.append(UInt8(truncatingIfNeeded: carry % 58))
        carry /= 58
      }
    }
    let zeros = bytes.prefix { $0 == 0 }.count
    let values = Array(repeating: 0, count: zeros) + digits.reversed()
    return values.map { alphabet.characters[Int($0)] }
  }

  /// The first four bytes of SHA-256 applied twice.
  static func checksum(_ payload: some Collection<UInt8>) -> [UInt8] {
    let once = SHA256.hash(data: Array(payload))
    return Array(SHA256.hash(data: Array(once)).prefix(checksumLength))
  }

  /// Whether the last four bytes are the checksum of the rest.
  static func hasChecksum(_ bytes: [UInt8]) -> Bool {
    bytes.count > checksumLength
      && checksum(bytes.dropLast(checksumLength)) == Array(bytes.suffix(checksumLength))
  }
}
