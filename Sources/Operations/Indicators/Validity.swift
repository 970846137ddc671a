public import Indicators

/// How long a listing holds: what is used again for another person soon must not stay listed for long.
public enum Validity {
  /// Days that a listing of a type holds if nothing else is said.
  public static func standardDays(of type: IndicatorType) -> UInt32 {
    switch type {
    case .cryptoAddress: 730
    case .iban, .bankAccount: 548
    case .domain, .url: 183
    case .merchantDescriptor: 92
    default: 365
    }
  }

  /// Days that a listing of a type may hold at most: 5 years, which peers hold every listing to, and less for what changes hands.
  public static func mostDays(of type: IndicatorType) -> UInt32 {
    switch type {
    case .merchantDescriptor: 365
    case .domain, .url, .phoneWallet, .walletHandle, .swishNumber, .mpesaShortcode, .upiVPA: 2 * 366
    default: 5 * 366
    }
  }
}
