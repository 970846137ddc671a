internal import Foundation
public import Wire

/// JSON as it goes over the control socket and out of `--json`: kebab-case keys, sorted, so that it is stable.
public enum AnswerFormat {
  public static func encode(_ answer: some Encodable, pretty: Bool = false) throws(Problem) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .custom { path in
      AnswerKey(CodeName.kebabCase(path.last?.stringValue ?? ""))
    }
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting =
      pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(answer))
    } catch {
      throw Problem("answer-unreadable", "the answer cannot be encoded: \(error)")
    }
  }

  public static func decode<Answer: Decodable>(_ type: Answer.Type, from bytes: [UInt8]) throws(Problem) -> Answer {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in
      AnswerKey(camelCase(path.last?.stringValue ?? ""))
    }
    decoder.dateDecodingStrategy = .iso8601
    do {
      return try decoder.decode(type, from: Data(bytes))
    } catch {
      throw Problem("answer-unreadable", "the message cannot be read: \(error)")
    }
  }

  private static func camelCase(_ kebabCase: String) -> String {
    let parts = kebabCase.split(separator: "-", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(parts.first.map(String.init) ?? "") {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }
}

struct AnswerKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ text: String) {
    stringValue = text
    intValue = nil
  }

  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
