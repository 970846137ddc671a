internal import Foundation

/// How deep JSON is nested and how much it holds, found in one pass without following it: whoever follows it can then be led neither too
/// deep nor beyond the memory.
enum JSONShape {
  /// More than a document of the greatest size has.
  static let objectLimit = 4_000_000
  static let valueLimit = 32_000_000

  /// - Throws: `document-too-deep`, `document-too-large`.
  static func check(_ data: Data, depth limit: Int) throws(DocumentProblem) {
    let (deepest, objects, values) = data.withUnsafeBytes { measure($0, until: limit) }
    guard deepest <= limit else {
      throw DocumentProblem(.tooDeep, "objects and lists lie in each other more than \(limit) deep")
    }
    guard objects <= objectLimit, values <= valueLimit else {
      throw DocumentProblem(.tooLarge, "it holds more than \(objectLimit) objects or \(valueLimit) values")
    }
  }

  private static func measure(
    _ bytes: UnsafeRawBufferPointer, until limit: Int
  ) -> (deepest: Int, objects: Int, values: Int) {
    var (depth, deepest, objects, values) = (0, 0, 0, 0)
    var (isText, isEscaped) = (false, false)
    for byte in bytes {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: ","): values += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        deepest = max(deepest, depth)
        if byte == UInt8(ascii: "{") { objects += 1 }
        if deepest > limit { return (deepest, objects, values) }
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
    }
    return (deepest, objects, values)
  }
}
