/// The rosters of an alliance file as they were verified when it was read: every roster costs a quorum's signatures, and one command
/// asks for them several times. It says nothing that the file does not: two files are one whether or not they were verified.
struct VerifiedChain: Sendable, Hashable {
  var chain: RosterChain?

  static func == (left: VerifiedChain, right: VerifiedChain) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}
