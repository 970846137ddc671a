/// What a wallet allows in a handle.
enum WalletScheme {
  case cashAppUS, cashAppGB, payPalMe, venmo, revolut, other

  /// - Parameter name: in lower case.
  init(_ name: Span<UInt8>) {
    self = .other
    for (wallet, known) in Self.names where name.equals(known) { self = wallet }
  }

  var lengths: ClosedRange<Int> {
    switch self {
    case .cashAppUS, .cashAppGB, .payPalMe: 1...20
    case .venmo: 5...30
    case .revolut: 3...16
    case .other: 1...64
    }
  }

  /// Characters besides letters and digits.
  var others: String {
    switch self {
    case .cashAppUS, .cashAppGB, .payPalMe, .revolut: ""
    case .venmo: "-_"
    case .other: "._-"
    }
  }

  /// Where it does, there are no characters besides letters and digits.
  var needsLetter: Bool { self == .cashAppUS || self == .cashAppGB }

  /// What the wallet shows before a handle, in UTF-8, the longest first.
  var signs: [[UInt8]] {
    switch self {
    case .cashAppUS: Self.dollar
    case .cashAppGB: Self.pound
    case .payPalMe: Self.payPalPages
    case .venmo: Self.venmoPages
    case .revolut: Self.revolutPages
    case .other: Self.at
    }
  }

  private static let names: [(WalletScheme, [UInt8])] = [
    (.cashAppUS, Array("cashapp-us".utf8)), (.cashAppGB, Array("cashapp-gb".utf8)), (.payPalMe, Array("paypalme".utf8)),
    (.venmo, Array("venmo".utf8)), (.revolut, Array("revolut".utf8)),
  ]

  private static let dollar = [Array("$".utf8)]
  private static let pound = [Array("£".utf8)]
  private static let at = [Array("@".utf8)]
  private static let payPalPages = [
    "https://paypal.me/", "https://www.paypal.me/", "https://www.paypal.com/paypalme/", "paypal.me/", "@",
  ].map { Array($0.utf8) }
  private static let venmoPages = ["https://venmo.com/u/", "https://venmo.com/", "venmo.com/", "@"].map {
    Array($0.utf8)
  }
  private static let revolutPages = ["https://revolut.me/", "revolut.me/", "@"].map { Array($0.utf8) }
}
