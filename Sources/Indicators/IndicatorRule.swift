/// How one type of indicator is validated and brought into its canonical form.
///
/// A change that alters any canonical form takes a new `normaliser` version, because digests depend on it.
public protocol IndicatorRule: Sendable {
  static var type: IndicatorType { get }

  /// The version of the canonical form, part of every digest; from 1.
  static var normaliser: UInt8 { get }

  /// The standards that the rule follows, for people.
  static var source: String { get }

  /// How such a value is written, for people, such as `ACQUIRER|ACCEPTOR`.
  static var form: String { get }

  /// Whether a text without a type may be taken for one of this type. False for types that take nearly every text.
  static var isGuessed: Bool { get }

  /// The scheme and canonical value of a text from outside. The canonical value must be a fixed point.
  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String)

  /// How many values there are that someone who guesses would try.
  static func space(scheme: String, value: String) -> SearchSpace
}

extension IndicatorRule {
  public static var isGuessed: Bool { true }
}

/// The rules there are. A new type is a file with its rule and a line here.
enum IndicatorRules {
  static let all: [any IndicatorRule.Type] = [
    CardPANRule.self,
    IBANRule.self,
    BankAccountRule.self,
    MerchantIDRule.self,
    MerchantDescriptorRule.self,
    DomainRule.self,
    URLRule.self,
    EmailWalletRule.self,
    PhoneWalletRule.self,
    WalletHandleRule.self,
    PixKeyRule.self,
    UPIVPARule.self,
    SwishNumberRule.self,
    MPesaShortcodeRule.self,
    CryptoAddressRule.self,
    LegalEntityRule.self,
    CompanyNumberRule.self,
  ]
}
