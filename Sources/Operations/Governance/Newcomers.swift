internal import Alliance
internal import Signing
internal import Wire

/// Whether those whom a roster admits are who it says they are: nobody votes for somebody whom only the proposer can show.
enum Newcomers {
  /// - Throws: `Problem` `newcomer-unknown` or `newcomer-differs`.
  static func check(_ roster: Roster, after chain: RosterChain, records: [MemberRecord]) throws(Problem) {
    let byHash = Dictionary(records.map { ($0.hash, $0) }) { first, _ in first }
    for member in roster.members where chain.newest.member(member.coalition) == nil {
      guard let record = byHash[member.recordHash] else {
        throw Problem(
          "newcomer-unknown",
          "the record that the proposal pins has not come here yet, so nobody can say who it admits",
          object: "\(member.coalition)", next: "wait until the node has it, or ask the proposer to bring its node up")
      }
      // Who comes back may come with another identity key, which then signs from its next record on.
      let isNew = chain.tenures(of: member.coalition).isEmpty
      guard record.coalition == member.coalition, record.number == member.recordNumber,
        !isNew || (record.identityKey == member.identityKey && record.trustDomain == member.trustDomain)
      else {
        throw Problem(
          "newcomer-differs", "the proposal says something else of it than the record that it pins",
          object: "\(member.coalition)", next: "do not vote for it; ask the proposer")
      }
    }
  }
}
