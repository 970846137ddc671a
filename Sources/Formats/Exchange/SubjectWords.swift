/// Whether structured words of an object (labels, tags, roles, names of relations) say that it is a buyer's or a victim's. In extortion
/// the payer may be the child: such an object is never listed, whoever sent it.
enum SubjectWords {
  private static let refused: Set<String> = [
    "buyer", "buyers", "victim", "victims", "victimised", "victimized", "payer", "payers", "purchaser", "purchasers",
    "customer",
    "customers",
  ]

  static func nameBuyerOrVictim(_ texts: some Sequence<String>) -> Bool {
    texts.contains { text in
      text.lowercased().split { !$0.isLetter }.contains { refused.contains(String($0)) }
    }
  }

  static let reason =
    "It names a buyer or a victim; only the seller's side is ever listed: in extortion the payer may be the child."
}
