/// UTF-16 to UTF-8 over any division into pieces: an odd byte and the first half of a pair wait for the rest.
struct UTF16Units: Sendable {
  private var byte: UInt8?
  private var lead: UInt16?

  mutating func utf8(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    for next in bytes {
      guard let first = byte else {
        byte = next
        continue
      }
      byte = nil
      append(isLittleEndian ? UInt16(next) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(next), to: &text)
    }
    return text
  }

  /// What is left over is no character.
  mutating func finish() -> [UInt8] {
    let isOpen = byte != nil || lead != nil
    (byte, lead) = (nil, nil)
    return isOpen ? [TextDecoder.noCharacter] : []
  }

  private mutating func append(_ unit: UInt16, to text: inout [UInt8]) {
    if let first = lead {
      lead = nil
      if UTF16.isTrailSurrogate(unit) {
        let value = 0x1_0000 + (UInt32(first & 0x3FF) << 10 | UInt32(unit & 0x3FF))
        append(Unicode.Scalar(value), to: &text)
        return
      }
      text.append(TextDecoder.noCharacter)
    }
    if UTF16.isLeadSurrogate(unit) {
      lead = unit
    } else {
      append(Unicode.Scalar(UInt32(unit)), to: &text)
    }
  }

  private func append(_ scalar: Unicode.Scalar?, to text: inout [UInt8]) {
    if let scalar {
      text.append(contentsOf: scalar.utf8)
    } else {
      text.append(TextDecoder.noCharacter)
    }
  }
}
