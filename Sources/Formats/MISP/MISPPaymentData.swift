/// Which attributes of MISP events hold payment identifiers, by their types and, in objects, by their relations.
enum MISPPaymentData {
  enum Reading: Equatable {
    /// The name of an indicator's type, and the identifier's text.
    case identifier(String, String)
    /// Of a wallet that the document does not name.
    case inWallet(String, String)
    /// Why it is not one by itself.
    case never(String)
  }

  /// The object in which our own exports write listings; `Docs/exchange.md` defines its relations.
  static let ownObject = "payment-indicator"

  private static let aloneReason = "A bank's or an issuer's code is part of many identifiers and never one."

  /// - Parameter object: nil for an attribute of its own.
  static func reading(of attribute: MISPAttribute, in object: MISPDocument.Object?) -> Reading? {
    guard let value = attribute.value else { return nil }
    if let object, let reading = reading(of: attribute, value, inObject: object) { return reading }
    switch attribute.type {
    case "iban": return .identifier("iban", value)
    case "bank-account-nr": return .identifier("bank-account", value)
    case "cc-number": return .identifier("card-pan", value)
    case "btc", "dash", "xmr": return .identifier("crypto-address", value)
    case "domain", "hostname": return .identifier("domain", value)
    case "domain|ip": return .identifier("domain", String(value.prefix { $0 != "|" }))
    case "url": return .identifier("url", value)
    case "phone-number": return .inWallet("phone-wallet", value)
    case "email", "email-src", "email-dst": return .inWallet("email-wallet", value)
    case "bic", "bin", "aba-rtn", "prtn": return .never(aloneReason)
    default: return nil
    }
  }

  /// Nil where the type of the attribute alone decides.
  private static func reading(
    of attribute: MISPAttribute, _ value: String, inObject object: MISPDocument.Object
  ) -> Reading? {
    switch (object.name, attribute.relation) {
    case ("coin-address", "address-crypto"): return .identifier("crypto-address", value)
    case ("legal-entity", "lei"): return .identifier("legal-entity", value)
    case ("phone", "msisdn"): return .inWallet("phone-wallet", value)
    case ("bank-account", "account"):
      if object.has("iban") { return .never("An account's number is part of the IBAN that stands beside it.") }
      guard let routing = object.value("aba-rtn") else { return nil }
      return .identifier("bank-account", "US|\(routing)|\(value)")
    case ("url", "domain"), ("url", "host"):
      return object.has("url") ? .never("The host is part of the url that stands beside it.") : nil
    default: return nil
    }
  }
}

extension MISPDocument.Object {
  func value(_ relation: String) -> String? {
    attributes.first { $0.relation == relation && !$0.isDeleted }?.value
  }

  func has(_ relation: String) -> Bool { value(relation) != nil }
}
