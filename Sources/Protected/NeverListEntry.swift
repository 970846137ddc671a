public import Indicators

/// What is never listed, because a listing would hit those who do not sell: one identifier, how far around it the protection
/// reaches, whose kind it is, and where anyone can check that.
public struct NeverListEntry: Sendable, Hashable {
  /// Whose it is.
  public enum Category: String, Sendable, Hashable, Codable, CaseIterable {
    case cardScheme = "card-scheme"
    case paymentScheme = "payment-scheme"
    case centralBank = "central-bank"
    case bank
    /// Payment facilitators and processors: thousands of shops behind one name.
    case aggregator
    case marketplace
    /// Social networks, search, mail, application stores.
    case platform
    case hosting
    case linkShortener = "link-shortener"
    case exchange
    case charity
    case government
    /// Of the operator's own coalition; for its own list.
    case own
  }

  /// What else than the identifier itself is protected. For a domain each holds what the one before it holds.
  public enum Cover: String, Sendable, Hashable, CaseIterable {
    /// Nothing else: below this name stand other people's sites.
    case exact
    /// A domain with all below it; a page there may still be listed.
    case subdomains
    /// Pages there too.
    case urls
    /// Wallets known by a mail address there too.
    case mail
    /// A merchant id, and every other one at the same acquirer.
    case acquirer

    /// Which covers an entry of a type may have.
    public static func allowed(for type: IndicatorType) -> [Cover] {
      switch type {
      case .domain: [.exact, .subdomains, .urls, .mail]
      case .merchantID: [.exact, .acquirer]
      default: [.exact]
      }
    }

    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  public let indicator: Indicator
  public let cover: Cover
  public let category: Category
  /// A page or a register where anyone can check it; never holds the identifier.
  public let source: String
  /// The day on which it was noted, such as 2027-05-31.
  public let noted: String
}
