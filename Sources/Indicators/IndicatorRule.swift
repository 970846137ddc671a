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

  /// Writes the same into memory that is used again, from bytes that claim to be UTF-8.
  static func write(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection)

  /// How many values there are that someone who guesses would try.
  static func space(scheme: String, value: String) -> SearchSpace
}

extension IndicatorRule {
  public static var isGuessed: Bool { true }

  /// Through a text of its own, for rules that need Unicode's tables or a library; the others are a `ByteRule`.
  public static func write(_ text: Span<UInt8>, to form: inout CanonicalForm) throws(IndicatorRejection) {
    let read: String
    do {
      read = String(copying: try UTF8Span(validating: text))
    } catch {
      throw IndicatorRejection(.characters, "The bytes are not UTF-8 (RFC 3629).")
    }
    let parsed = try parse(read)
    form.beginScheme()
    form.append(parsed.scheme)
    form.endScheme()
    form.append(parsed.value)
  }
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

  private static let byNumber: [(any IndicatorRule.Type)?] = {
    var rules = [(any IndicatorRule.Type)?](repeating: nil, count: Int(all.map { $0.type.rawValue }.max() ?? 0) + 1)
    for rule in all { rules[Int(rule.type.rawValue)] = rule }
    return rules
  }()

  static func rule(of type: IndicatorType) -> (any IndicatorRule.Type)? {
    let number = Int(type.rawValue)
    return byNumber.indices.contains(number) ? byNumber[number] : nil
  }
}
