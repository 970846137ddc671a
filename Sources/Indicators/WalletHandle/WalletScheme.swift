/// What a wallet allows in a handle.
enum WalletScheme {
  struct Rule {
    let lengths: ClosedRange<Int>
    /// Characters besides letters and digits.
    let others: String
    let needsLetter: Bool
  }

  static func rule(of scheme: String) -> Rule {
    switch scheme {
    case "cashapp-us", "cashapp-gb": Rule(lengths: 1...20, others: "", needsLetter: true)
    case "paypalme": Rule(lengths: 1...20, others: "", needsLetter: false)
    case "venmo": Rule(lengths: 5...30, others: "-_", needsLetter: false)
    case "revolut": Rule(lengths: 3...16, others: "", needsLetter: false)
    default: Rule(lengths: 1...64, others: "._-", needsLetter: false)
    }
  }

  /// What the wallet shows before a handle, the longest first.
  static func signs(of scheme: String) -> [String] {
    switch scheme {
    case "cashapp-us": ["$"]
    case "cashapp-gb": ["£"]
    case "paypalme":
      ["https://paypal.me/", "https://www.paypal.me/", "https://www.paypal.com/paypalme/", "paypal.me/", "@"]
    case "venmo": ["https://venmo.com/u/", "https://venmo.com/", "venmo.com/", "@"]
    case "revolut": ["https://revolut.me/", "revolut.me/", "@"]
    default: ["@"]
    }
  }
}
