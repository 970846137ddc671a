import Foundation
import Testing

@testable import Node

/// History is raw bytes to peers, and JSON to whoever asks for it.
@Suite struct HistoryPageTests {
  @Test func eachHashIsBase64OfItsOwn() throws {
    let bytes = [UInt8](repeating: 0xFF, count: 32) + [UInt8](repeating: 0, count: 32)
    let text = String(decoding: try HistoryPage(bytes).json, as: UTF8.self)
    #expect(
      text == #"{"headHashes":["//////////////////////////////////////////8=","#
        + #""AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}"#)
    #expect(try String(decoding: HistoryPage([]).json, as: UTF8.self) == #"{"headHashes":[]}"#)
  }
}
