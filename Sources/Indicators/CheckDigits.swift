/// Check digits that several types share.
enum CheckDigits {
  /// The remainder by ISO 7064 mod 97-10, digits as they are and letters counting from A = 10; 1 if the check digits are right.
  /// Takes upper-case letters and digits only.
  /// - Parameter first: the place to begin at; those before it come last.
  static func mod97(_ characters: Span<UInt8>, from first: Int = 0) -> UInt64 {
    var number: UInt64 = 0
    func add(_ places: Range<Int>) {
      var start = places.lowerBound
      while start < places.upperBound {
        // Divided seldom, because division is what takes the time: what is left has two digits, and eight letters more make 18.
        number %= 97
        let end = min(start + 8, places.upperBound)
        for index in start..<end {
          let byte = characters[index]
          number = ASCII.isDigit(byte) ? number &* 10 &+ UInt64(byte & 0x0F) : number &* 100 &+ UInt64(byte & 0x1F) &+ 9
        }
        start = end
      }
    }
    add(first..<characters.count)
    add(0..<first)
    return number % 97
  }

  /// Whether two digits by ISO 7064 mod 97-10 are ones that are computed: 98 minus a remainder, 02 to 98. 00, 01 and 99 leave the
  /// same remainder as 97, 98 and 02.
  static func isComputed(_ tens: UInt8, _ ones: UInt8) -> Bool {
    2...98 ~= Int(tens & 0x0F) * 10 + Int(ones & 0x0F)
  }

  /// Whether the last digit is right by the Luhn formula (ISO/IEC 7812-1, annex B). Takes digits only.
  static func isLuhn(_ digits: Span<UInt8>) -> Bool {
    var (sum, doubles) = (0, false)
    var index = digits.count
    while index > 0 {
      index -= 1
      let value = Int(digits[index] & 0x0F)
      sum += doubles ? (value > 4 ? value * 2 - 9 : value * 2) : value
      doubles.toggle()
    }
    return sum.isMultiple(of: 10)
  }

  /// Whether the last digit is right by the Luhn formula (ISO/IEC 7812-1, annex B). Takes digits only.
  static func isLuhn(_ digits: [UInt8]) -> Bool {
    isLuhn(digits.span)
  }

  /// The remainder of the weighted sum of digits, from the left. Takes digits only, as many as there are weights.
  static func weighted(_ digits: some Sequence<UInt8>, _ weights: [Int], modulo: Int) -> Int {
    zip(digits, weights).reduce(0) { $0 + Int($1.0 & 0x0F) * $1.1 } % modulo
  }
}
