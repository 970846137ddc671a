/// What a document holds that concerns payments, object by object, in the order of the document.
public enum DocumentItem: Sendable, Hashable {
  case found(FoundIdentifier)
  /// An object that must not, or cannot, be listed.
  case refused(DocumentRefusal)
  /// An object that is rightly not listed: revoked, context only, or no payment data.
  case leftOut(DocumentRefusal)
}

/// An identifier that a document's object names.
public struct FoundIdentifier: Sendable, Hashable {
  /// The id of the object: STIX's, or MISP's uuid.
  public let object: String
  /// The name of an indicator's type, such as `iban`.
  public let typeName: String
  public let text: String
  /// For a telephone number or mail address alone: the document does not say under which wallet it is paid.
  public let lacksWallet: Bool
  public let fields: [ListingField: String]
}

/// Why an object is not listed; never its value.
public struct DocumentRefusal: Sendable, Hashable {
  public let object: String
  /// One of `Code`'s raw values.
  public let code: String
  /// One sentence for people, with what to do where something can be done.
  public let reason: String

  init(_ code: Code, _ reason: String, object: String) {
    self.object = object
    self.code = code.rawValue
    self.reason = reason
  }

  /// Every code there is.
  public enum Code: String, CaseIterable, Sendable {
    /// The object names a buyer or a victim.
    case role = "role-refused"
    /// Marked for less than the whole alliance.
    case handling = "handling-not-sealed"
    /// Marked by something that is not known to be harmless.
    case markingUnknown = "marking-unknown"
    /// A digest without what it was made of.
    case digestOnly = "digest-only"
    /// A pattern that says more than that a value is one of a list.
    case patternUnsupported = "pattern-unsupported"
    /// A pattern that breaks the grammar.
    case patternMalformed = "pattern-malformed"
    /// A pattern of another language.
    case patternLanguage = "pattern-language"
    /// An alternative of the pattern is no payment data.
    case patternMixed = "pattern-mixed"
    /// An object that lacks what it must have.
    case objectMalformed = "object-malformed"
    /// The document takes it back.
    case revoked = "object-revoked"
    case deleted = "object-deleted"
    /// Its `to_ids` is false: told for context.
    case context = "context-only"
    /// Banks, issuers and the like: a part of many identifiers, never one.
    case neverAnIndicator = "never-an-indicator"
    /// Nothing by which anyone is paid.
    case notPaymentData = "not-payment-data"
  }
}
