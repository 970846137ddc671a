/// Whether bytes begin with a whole character of UTF-8 (RFC 3629, section 4).
enum UTF8Character {
  case whole
  /// They end within what could become one.
  case unfinished
  case none

  static func beginning(_ bytes: ArraySlice<UInt8>, isLast: Bool) -> UTF8Character {
    guard let first = bytes.first else { return .unfinished }
    let following: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: following = 1
    case 0xE0: (following, second) = (2, 0xA0...0xBF)
    case 0xED: (following, second) = (2, 0x80...0x9F)
    case 0xE1...0xEF: following = 2
    case 0xF0: (following, second) = (3, 0x90...0xBF)
    case 0xF4: (following, second) = (3, 0x80...0x8F)
    case 0xF1...0xF3: following = 3
    default: return .none
    }
    let rest = bytes.dropFirst().prefix(following)
    if let byte = rest.first, !second.contains(byte) { return .none }
    guard rest.dropFirst().allSatisfy({ 0x80...0xBF ~= $0 }) else { return .none }
    if rest.count == following { return .whole }
    return isLast ? .none : .unfinished
  }
}
