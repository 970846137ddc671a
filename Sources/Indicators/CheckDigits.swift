/// Check digits that several types share.
enum CheckDigits {
  /// The remainder by ISO 7064 mod 97-10, digits as they are and letters counting from A = 10; 1 if the check digits are right.
  /// Takes upper-case letters and digits only.
  static func mod97(_ characters: some Sequence<UInt8>) -> Int {
    characters.reduce(0) { remainder, byte in
      ASCII.isDigit(byte)
        ? (remainder * 10 + Int(byte - UInt8(ascii: "0"))) % 97
        : (remainder * 100 + Int(byte & 0x1F) + 9) % 97
    }
  }

  /// Whether the last digit is right by the Luhn formula (ISO/IEC 7812-1, annex B). Takes digits only.
  static func isLuhn(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
    var (sum, doubles) = (0, false)
    for digit in digits.reversed() {
      let value = Int(digit & 0x0F)
      sum += doubles ? (value > 4 ? value * 2 - 9 : value * 2) : value
      doubles.toggle()
    }
    return sum.isMultiple(of: 10)
  }

  /// The remainder of the weighted sum of digits, from the left. Takes digits only, as many as there are weights.
  static func weighted(_ digits: some Sequence<UInt8>, _ weights: [Int], modulo: Int) -> Int {
    zip(digits, weights).reduce(0) { $0 + Int($1.0 & 0x0F) * $1.1 } % modulo
  }
}
