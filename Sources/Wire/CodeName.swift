public import SwiftProtobuf
internal import Synchronization

/// The name of an enumeration's value as people write it, on the command line and in `--json`: kebab-case, such as
/// `sanctions-list` for `REASON_SANCTIONS_LIST`.
public enum CodeName {
  public static func of<Value: SwiftProtobuf.Enum>(_ value: Value) -> String {
    // A name is found by reflection, which takes longer than all else that a hit costs, so it is kept. Numbers from outside that no
    // enumeration has are not, so that what is kept stays small.
    let key = Key(type: ObjectIdentifier(Value.self), number: value.rawValue)
    if let name = names.withLock({ $0[key] }) { return name }
    let name = kebabCase(String(describing: value))
    if keptNumbers ~= value.rawValue { names.withLock { $0[key] = name } }
    return name
  }

  private struct Key: Hashable {
    let type: ObjectIdentifier
    let number: Int
  }

  private static let keptNumbers = 0..<128
  private static let names = Mutex<[Key: String]>([:])

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
    // Such names are ASCII, and there Unicode's tables need not be asked.
    var name: [UInt8] = []
    for byte in camelCase.utf8 {
      if UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte {
        if !name.isEmpty { name.append(UInt8(ascii: "-")) }
        name.append(byte | 0x20)
      } else {
        name.append(byte)
      }
    }
    return String(decoding: name, as: UTF8.self)
  }
}
