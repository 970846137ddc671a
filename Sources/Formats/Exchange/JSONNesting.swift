internal import Foundation

/// How deep JSON is nested, found in one pass without following it, so that nothing that follows it can be led too deep.
enum JSONNesting {
  /// - Throws: `document-too-deep`.
  static func check(_ data: Data, limit: Int) throws(DocumentProblem) {
    let isWithin = data.withUnsafeBytes { bytes in
      var (depth, isText, isEscaped) = (0, false, false)
      for byte in bytes {
        if isText {
          if isEscaped {
            isEscaped = false
          } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
          } else if byte == UInt8(ascii: "\"") {
            isText = false
          }
        } else {
          switch byte {
          case UInt8(ascii: "\""): isText = true
          case UInt8(ascii: "{"), UInt8(ascii: "["):
            depth += 1
            if depth > limit { return false }
          case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
          default: break
          }
        }
      }
      return true
    }
    guard isWithin else {
      throw DocumentProblem(.tooDeep, "objects and lists lie in each other more than \(limit) deep")
    }
  }
}
