public import SwiftProtobuf

/// The name of an enumeration's value as people write it, on the command line and in `--json`: kebab-case, such as
/// `sanctions-list` for `REASON_SANCTIONS_LIST`.
public enum CodeName {
  public static func of(_ value: some SwiftProtobuf.Enum) -> String {
    kebabCase(String(describing: value))
  }

  /// Nil for an unknown name and for "unspecified".
  public static func value<Value: SwiftProtobuf.Enum & CaseIterable>(_ name: String, of type: Value.Type) -> Value? {
    type.allCases.first { $0.rawValue != 0 && of($0) == name }
  }

  /// All names but "unspecified", in the order of their numbers.
  public static func all<Value: SwiftProtobuf.Enum & CaseIterable>(_ type: Value.Type) -> [String] {
    type.allCases.filter { $0.rawValue != 0 }.map { of($0) }
  }

  /// `liveBytes` as `live-bytes`.
  public static func kebabCase(_ camelCase: String) -> String {
    var name = ""
    for character in camelCase {
      if character.isUppercase {
        if !name.isEmpty { name.append("-") }
        name.append(contentsOf: character.lowercased())
      } else {
        name.append(character)
      }
    }
    return name
  }
}
