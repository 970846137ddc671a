internal import CLibpsl

/// The endings below which anybody may register a name, such as `co.uk` or a hosting company's own, by the Public Suffix List
/// (publicsuffix.org) that the system has, through libpsl.
///
/// It says what may be published and what belongs together; it changes no canonical form, so that nodes with lists of different age
/// agree on every digest.
public struct PublicSuffix: Sendable {
  /// Read once; libpsl only reads it afterwards, and it lives as long as the process.
  private struct List: @unchecked Sendable {
    let context: OpaquePointer?
  }

  // The newest of the distribution's file and the one that the library was built with.
  private static let list = List(context: psl_latest(nil))

  /// Whether a domain, as a `domain` indicator has it, is such an ending itself: no site, and many owners.
  public static func contains(_ domain: String) -> Bool {
    guard let context = list.context else { return false }
    // A name that no rule speaks of counts as no ending here, but a top-level domain always is one.
    return !domain.contains(".")
      || psl_is_public_suffix2(context, domain, PSL_TYPE_ICANN | PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE) == 1
  }

  /// The part of a domain that somebody registered, such as `shop.example` of `pay.shop.example`; nil if it is an ending.
  public static func registrable(_ domain: String) -> String? {
    guard let context = list.context, !contains(domain) else { return nil }
    return domain.withCString { text in
      // What is found points into this text, which ends with it and lives no longer than this closure.
      psl_registrable_domain(context, text).map { String(cString: $0) }
    }
  }
}
