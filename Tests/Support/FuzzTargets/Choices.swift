/// Bytes as a row of decisions: what a fuzzer finds by itself are then decisions that lead further. Past the end all are 0.
struct Choices {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var areLeft: Bool { !rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func below(_ limit: Int) -> Int { limit > 0 ? Int(byte()) % limit : 0 }

  mutating func one<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }

  mutating func taken(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func all() -> [UInt8] { taken(rest.count) }

  /// A valid text of bytes, damaged at a few places or cut: far more often almost right than nonsense.
  mutating func damaged(_ valid: [UInt8]) -> [UInt8] {
    var bytes = valid
    for _ in 0..<below(4) where !bytes.isEmpty {
      let place = (Int(byte()) << 8 | Int(byte())) % bytes.count
      switch below(4) {
      case 0: bytes[place] ^= 1 << (byte() & 7)
      case 1: bytes[place] = byte()
      case 2: bytes.removeSubrange(place...)
      default: bytes.insert(contentsOf: taken(below(8)), at: place)
      }
    }
    return bytes
  }
}
