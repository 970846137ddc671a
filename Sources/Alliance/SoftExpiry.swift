public import Wire

/// How much of the time of a roster or record is over. Nothing ends by it: an alliance that nobody tends goes on and says so,
/// because everything at once going dark must be impossible.
public enum SoftExpiry: String, Sendable, Hashable, Codable, Comparable {
  case half
  case threeQuarters = "three-quarters"
  case nineTenths = "nine-tenths"
  case past

  /// - Parameters:
  ///   - issued: UTC day since 1970 on which it was made; nil if that is not known, and then only the last 30 and 7 days tell.
  ///   - last: its last day; 0: never.
  /// - Returns: nil while there is nothing to say.
  public init?(issued: UInt32?, last: UInt32, today: UInt32) {
    guard last > 0 else { return nil }
    if today > last {
      self = .past
      return
    }
    let left = UInt64(last - today)
    if let issued, issued < last {
      let all = UInt64(last - issued)
      if left * 10 <= all {
        self = .nineTenths
      } else if left * 4 <= all {
        self = .threeQuarters
      } else if left * 2 <= all {
        self = .half
      } else {
        return nil
      }
    } else if left < 7 {
      self = .nineTenths
    } else if left < 30 {
      self = .threeQuarters
    } else {
      return nil
    }
  }

  public static func < (left: SoftExpiry, right: SoftExpiry) -> Bool { left.order < right.order }

  private var order: Int {
    switch self {
    case .half: 0
    case .threeQuarters: 1
    case .nineTenths: 2
    case .past: 3
    }
  }
}

extension Membership {
  /// What of the alliance is getting old: the roster first, then members' records in the order of their ids.
  public func aging(on today: UInt32) -> [(coalition: CoalitionID?, last: UInt32, age: SoftExpiry)] {
    var found: [(CoalitionID?, UInt32, SoftExpiry)] = []
    let issued = UInt32(clamping: roster.issuedAt / 86_400_000)
    if let age = SoftExpiry(issued: issued, last: roster.expires, today: today) {
      found.append((nil, roster.expires, age))
    }
    for coalition in roster.coalitions {
      guard let record = record(of: coalition), let age = SoftExpiry(issued: nil, last: record.expires, today: today)
      else { continue }
      found.append((coalition, record.expires, age))
    }
    return found
  }
}
