internal import Keys
internal import Signing
public import Wire

/// What the listings of one sales operation share: its site, its merchant id, its account. Random, so that it says nothing by itself.
public enum OperationGroup {
  private static let byteCount = 16

  /// The 16 bytes of a group; `new` draws them.
  /// - Throws: `Problem` `bad-field`.
  public static func parse(_ text: String) throws(Problem) -> [UInt8] {
    if text == "new" { return FreshKeys.bytes(byteCount) }
    guard let bytes = Hexadecimal.decode(text.lowercased()), bytes.count == byteCount else {
      throw Problem(
        "bad-field", "a group is 32 hexadecimal digits", object: "group",
        next: "give new for the first listing, and what it prints for the others")
    }
    return bytes
  }

  public static func text(_ bytes: some Sequence<UInt8>) -> String { Hexadecimal.encode(bytes) }
}
