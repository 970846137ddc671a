import Formats
import Seeded
import Testing

/// A file is the same text however its pieces are divided, and its bytes say in which encoding it is.
@Suite struct TextDecoderTests {
  private func decode(_ bytes: [UInt8], pieces: Int, as encoding: TextEncoding? = nil) -> (text: [UInt8], TextEncoding?)
  {
    var decoder = TextDecoder(encoding)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      text += decoder.feed(Array(bytes[start..<min(start + pieces, bytes.count)]))
    }
    text += decoder.finish()
    return (text, decoder.encoding)
  }

  private static func utf16(_ text: String, littleEndian: Bool, mark: Bool = true) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return littleEndian ? [low, high] : [high, low]
    }
  }

  private static let text = "Konto;Gültig\r\n€ – 𝄞;ž\n" + String(repeating: "plain;", count: 20) + "é"

  @Test(arguments: [1, 2, 3, 5, 1_000])
  func findsEachEncoding(_ pieces: Int) {
    let text = Self.text
    #expect(decode(Array(text.utf8), pieces: pieces) == (Array(text.utf8), .utf8))
    let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    #expect(decode(marked, pieces: pieces) == (marked, .utf8), "the reader of rows drops the mark")
    #expect(decode(Self.utf16(text, littleEndian: true), pieces: pieces) == (Array(text.utf8), .utf16LittleEndian))
    #expect(decode(Self.utf16(text, littleEndian: false), pieces: pieces) == (Array(text.utf8), .utf16BigEndian))
    let western: [UInt8] = Array("Konto;G".utf8) + [0xFC, 0x6C, 0x80, 0x96, 0x9E, 0xE9]
    #expect(decode(western, pieces: pieces) == (Array("Konto;Gül€–žé".utf8), .windows1252))
  }

  @Test func asciiNeedsNoEncoding() {
    let bytes = Array("iban,amount\n".utf8)
    #expect(decode(bytes, pieces: 4) == (bytes, nil))
    #expect(decode([], pieces: 4) == ([], nil))
    #expect(decode([0x41], pieces: 4) == ([0x41], nil))
  }

  /// The last character decides at the end of the file, where nothing can follow it.
  @Test func anUnfinishedCharacterAtTheEndIsWesternEuropean() {
    #expect(decode([0x41, 0x42, 0x43, 0xC3], pieces: 1) == (Array("ABCÃ".utf8), .windows1252))
  }

  /// Spellings that RFC 3629 forbids are no UTF-8: overlong ones, halves of pairs, and what lies beyond U+10FFFF.
  @Test(arguments: [
    [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
  ])
  func forbiddenSpellingsAreWesternEuropean(_ bytes: [UInt8]) {
    #expect(decode([0x41, 0x42, 0x43] + bytes, pieces: 1_000).1 == .windows1252)
  }

  @Test func whatIsNoCharacterIsNoTextEither() {
    #expect(decode([0x41, 0xE9, 0x81], pieces: 9).text.last == 0xFF, "81 is nothing in Windows-1252")
    #expect(decode([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00], pieces: 9).text == [0xFF, 0x41], "half a pair")
    #expect(decode([0xFF, 0xFE, 0x41], pieces: 9).text == [0xFF], "half a unit")
  }

  @Test func aGivenEncodingIsBelieved() {
    let western: [UInt8] = [0xC3, 0xA9]
    #expect(decode(western, pieces: 1, as: .windows1252).text == Array("Ã©".utf8))
    let text = Self.utf16("a;é", littleEndian: true, mark: false)
    #expect(decode(text, pieces: 1, as: .utf16LittleEndian).text == Array("a;é".utf8))
    let marked = Self.utf16("a;é", littleEndian: true)
    #expect(decode(marked, pieces: 1, as: .utf16LittleEndian).text == Array("a;é".utf8))
    #expect(decode([0x41, 0xFF], pieces: 1, as: .utf8).text == [0x41, 0xFF])
  }

  @Test(arguments: 0..<20)
  func anyBytesInAnyPieces(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let given: TextEncoding? = Bool.random(using: &random) ? nil : TextEncoding.allCases.randomElement(using: &random)
      let whole = decode(bytes, pieces: 1_000, as: given)
      let divided = decode(bytes, pieces: Int.random(in: 1...5, using: &random), as: given)
      #expect(whole == divided, "seed \(seed): \(bytes)")
    }
  }
}
