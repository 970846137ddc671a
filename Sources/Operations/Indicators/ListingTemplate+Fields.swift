internal import Formats
internal import SwiftProtobuf
internal import Wire

extension ListingTemplate {
  /// With what a file says of one identifier in the place of what the command says of all.
  ///
  /// No error repeats a text of the file: a wrong column may hold identifiers.
  /// - Throws: `Problem` `unknown-value`, `bad-day`, `bad-field` or `role-refused`; whether all fits together `check` tells.
  func saying(_ fields: [ListingField: String]) throws(Problem) -> ListingTemplate {
    var template = self
    // One end of a span belongs to the file's other end, not to the command's.
    if fields[.observedFrom] != nil || fields[.observedUntil] != nil {
      (template.observedFrom, template.observedUntil) = (nil, nil)
    }
    for (field, text) in fields { try template.say(field, text) }
    return template
  }

  private mutating func say(_ field: ListingField, _ text: String) throws(Problem) {
    switch field {
    case .reason: reason = try Self.value(field, text)
    case .provenance: provenance = try Self.value(field, text)
    case .role:
      guard !["buyer", "victim"].contains(text.lowercased()) else {
        throw Problem("role-refused", "buyers and victims are never listed", object: field.rawValue)
      }
      role = try Self.value(field, text)
    case .handling: handling = try Self.value(field, text)
    case .permittedAction: permittedAction = try Self.value(field, text)
    case .confidence:
      guard let number = UInt32(text), number <= 100 else {
        throw Problem("bad-field", "confidence goes from 0 to 100", object: field.rawValue)
      }
      confidence = number
    case .country: country = text.uppercased()
    case .caseReference: caseReference = text
    case .validFrom: validFrom = try Self.day(field, text)
    case .validUntil: validUntil = try Self.day(field, text)
    case .observedFrom: observedFrom = try Self.day(field, text)
    case .observedUntil: observedUntil = try Self.day(field, text)
    case .route: route = try Self.value(field, text)
    case .sourceGrade:
      do throws(Problem) {
        (sourceReliability, informationCredibility) = try SourceGrade.parse(text)
      } catch {
        throw Problem(error.code, error.what, object: field.rawValue)
      }
    case .group:
      guard text != "new" else {
        throw Problem("bad-field", "a group is 32 hexadecimal digits", object: field.rawValue)
      }
      group = try OperationGroup.parse(text)
    }
  }

  private static func value<Value: SwiftProtobuf.Enum & CaseIterable>(
    _ field: ListingField, _ text: String
  ) throws(Problem) -> Value {
    guard let value = CodeName.value(text.lowercased(), of: Value.self) else {
      let known = CodeName.all(Value.self).joined(separator: ", ")
      throw Problem("unknown-value", "the \(field.rawValue) is none of \(known)", object: field.rawValue)
    }
    return value
  }

  private static func day(_ field: ListingField, _ text: String) throws(Problem) -> UInt32 {
    do throws(Problem) {
      return try Day.parse(text)
    } catch {
      throw Problem(error.code, "\(field.rawValue) is a day, written as 2027-05-31", object: field.rawValue)
    }
  }
}
