/// The kind of a payment identifier.
///
/// The raw value is the type number that goes into every digest; numbers follow the order of this list, from 1, and
/// are never reused. Not every type has a rule: `supported` names those that can be parsed.
public enum IndicatorType: UInt16, CaseIterable, Sendable, Hashable {
  case cardPan = 1
  case iban = 2
  case bankAccount = 3
  case merchantID = 4
  case merchantDescriptor = 5
  case domain = 6
  case url = 7
  case emailWallet = 8
  case phoneWallet = 9
  case walletHandle = 10
  case pixKey = 11
  case upiVPA = 12
  case swishNumber = 13
  case mpesaShortcode = 14
  case cryptoAddress = 15
  case legalEntity = 16
  case companyNumber = 17
}

extension IndicatorType {
  /// The name in commands, files and machine-readable answers, in kebab case, such as `crypto-address`.
  public var name: String {
    switch self {
    case .cardPan: "card-pan"
    case .iban: "iban"
    case .bankAccount: "bank-account"
    case .merchantID: "merchant-id"
    case .merchantDescriptor: "merchant-descriptor"
    case .domain: "domain"
    case .url: "url"
    case .emailWallet: "email-wallet"
    case .phoneWallet: "phone-wallet"
    case .walletHandle: "wallet-handle"
    case .pixKey: "pix-key"
    case .upiVPA: "upi-vpa"
    case .swishNumber: "swish-number"
    case .mpesaShortcode: "mpesa-shortcode"
    case .cryptoAddress: "crypto-address"
    case .legalEntity: "legal-entity"
    case .companyNumber: "company-number"
    }
  }

  /// The type of that exact name, or nil.
  public init?(name: String) {
    guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }

  /// The types that have a rule, by type number.
  public static var supported: [IndicatorType] {
    IndicatorRules.all.map { $0.type }.sorted()
  }
}

extension IndicatorType {
  /// The version of the canonical form that parsing makes now, or nil for a type without a rule.
  public var normaliser: UInt8? {
    IndicatorRules.all.first { $0.type == self }?.normaliser
  }
}

extension IndicatorType: Comparable {
  /// By type number.
  public static func < (left: IndicatorType, right: IndicatorType) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension IndicatorType: CustomStringConvertible {
  public var description: String { name }
}
