internal import SwiftASN1
public import Wire

/// The text form of the files that people send each other: RFC 7468, with a label that says what is inside.
public enum Armour: String, Sendable, CaseIterable {
  case card = "VAKA COALITION CARD"
  case alliance = "VAKA ALLIANCE"
  case records = "VAKA MEMBER RECORDS"
  case memberCard = "VAKA MEMBER CARD"
  case identityKey = "VAKA ENCRYPTED IDENTITY KEY"
  case rosterQuestion = "VAKA ROSTER QUESTION"
  case rosterStatements = "VAKA ROSTER STATEMENTS"

  public func wrap(_ bytes: [UInt8]) -> String {
    PEMDocument(type: rawValue, derBytes: bytes).pemString + "\n"
  }

  /// - Throws: `Problem` `not-armoured` or `wrong-file`, naming what the file is instead.
  public func unwrap(_ text: String, from file: String) throws(Problem) -> [UInt8] {
    guard text.utf8.count <= 8 << 20, let document = try? PEMDocument(pemString: text) else {
      throw Problem(
        "not-armoured", "the file holds no \(noun)", object: file,
        next: "it should start with -----BEGIN \(rawValue)-----")
    }
    guard document.discriminator == rawValue else {
      let found = Armour(rawValue: document.discriminator)?.noun ?? document.discriminator
      throw Problem("wrong-file", "this is a file of another kind (\(found)), not a \(noun)", object: file)
    }
    return document.derBytes
  }

  private var noun: String {
    switch self {
    case .card: "coalition card"
    case .alliance: "alliance file"
    case .records: "file of member records"
    case .memberCard: "member's card"
    case .identityKey: "identity key"
    case .rosterQuestion: "question for the identity key"
    case .rosterStatements: "file of promises and votes"
    }
  }
}
