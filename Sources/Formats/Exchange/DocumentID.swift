/// The id that a document gives to an object, taken only in the form that it must have: a UUID (RFC 9562), in STIX after a type's name.
/// Ids are printed and written into reports, so nothing else may stand in their place.
enum DocumentID {
  private static let lengthLimit = 128
  private static let groups = [8, 4, 4, 4, 12]

  /// The id, or an empty text for what is none.
  static func checked(_ text: String?) -> String {
    guard let text, text.utf8.count <= lengthLimit else { return "" }
    let bytes = Array(text.utf8)
    let uuid = bytes.suffix(36).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard uuid.map(\.count) == groups, uuid.joined().allSatisfy(isHexadecimal) else { return "" }
    let type = bytes.dropLast(36)
    guard type.isEmpty || type.suffix(2).elementsEqual("--".utf8),
      type.allSatisfy({ isLowerCase($0) || isHexadecimal($0) || $0 == UInt8(ascii: "-") })
    else { return "" }
    return text
  }

  private static func isLowerCase(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
