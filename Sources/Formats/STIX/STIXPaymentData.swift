/// Which properties of which objects hold payment identifiers, in STIX patterns and observables: those of the community's extensions
/// and as OpenCTI spells them.
enum STIXPaymentData {
  enum Reading: Equatable {
    /// The name of an indicator's type.
    case identifier(String)
    /// Of a wallet that the document does not name.
    case inWallet(String)
    /// A bank, an issuer: never an indicator.
    case never
  }

  /// The type under which our own exports write what no other object holds, one property for each type, such as `merchant_id`.
  static let ownType = "x-vaka-payment-identifier"

  private static let readings: [String: [String: Reading]] = [
    "bank-account": [
      "iban": .identifier("iban"), "account_number": .identifier("bank-account"), "bic": .never, "swift": .never,
    ],
    "payment-card": [
      "value": .identifier("card-pan"), "card_number": .identifier("card-pan"), "number": .identifier("card-pan"),
      "bin": .never, "iin": .never,
    ],
    "cryptocurrency-wallet": ["value": .identifier("crypto-address"), "address": .identifier("crypto-address")],
    "phone-number": ["value": .inWallet("phone-wallet"), "number": .inWallet("phone-wallet")],
    "email-addr": ["value": .inWallet("email-wallet")],
    "domain-name": ["value": .identifier("domain")],
    "hostname": ["value": .identifier("domain")],
    "url": ["value": .identifier("url")],
  ]

  /// OpenCTI writes its observables' types in capitals and with a prefix for those that are not STIX's.
  private static func normalised(_ type: String) -> String {
    let type = type.lowercased()
    return type.hasPrefix("x-opencti-") ? String(type.dropFirst("x-opencti-".count)) : type
  }

  static func reading(of type: String, _ property: String) -> Reading? {
    if type == ownType { return .identifier(property.replacing("_", with: "-")) }
    return readings[normalised(type)]?[property]
  }

  /// The properties of an observable, the most telling first: an account's number is part of its IBAN.
  static func properties(of type: String) -> [String]? {
    switch normalised(type) {
    case "bank-account": ["iban", "account_number"]
    case "payment-card": ["value", "card_number", "number"]
    case "cryptocurrency-wallet": ["value", "address"]
    case "phone-number": ["value", "number"]
    case "email-addr", "domain-name", "hostname", "url": ["value"]
    default: nil
    }
  }

  /// The property of a pattern in which an export writes a type's identifiers.
  static func path(of typeName: String) -> String {
    switch typeName {
    case "iban": "bank-account:iban"
    case "card-pan": "payment-card:value"
    case "crypto-address": "cryptocurrency-wallet:value"
    case "domain": "domain-name:value"
    case "url": "url:value"
    default: "\(ownType):\(typeName.replacing("-", with: "_"))"
    }
  }
}
