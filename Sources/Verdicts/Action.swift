internal import Wire

/// What may be done on a verdict, from the least to the most. A person decides; the node only advises.
public enum Action: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case monitor, review
  case declineOnboarding = "decline-onboarding"
  case block

  public static func < (left: Action, right: Action) -> Bool { left.order < right.order }

  private var order: Int {
    switch self {
    case .monitor: 0
    case .review: 1
    case .declineOnboarding: 2
    case .block: 3
    }
  }

  /// What a listing permits at most; one that sets no limit leaves it to the reader's policy.
  init(permitted action: WireAction) {
    self =
      switch action {
      case .monitor: .monitor
      case .review: .review
      case .declineOnboarding: .declineOnboarding
      case .block, .unspecified, .UNRECOGNIZED: .block
      }
  }
}
