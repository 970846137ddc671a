/// Turns indicators into digests under one hash key, by suite 1: HMAC-SHA-256 (RFC 2104, FIPS 198-1).
public struct DigestFunction: Sendable {
  /// The suite that this function computes; the first byte of every message.
  public static let suite: UInt8 = 1

  /// The epoch of the key.
  public let keyEpoch: UInt32

  private let keyed: KeyedHash

  public init(key: HashKey) {
    keyEpoch = key.epoch
    keyed = key.withUnsafeBytes { KeyedHash(key: $0) }
  }

  public func digest(of indicator: Indicator) -> IndicatorDigest {
    CanonicalForm(indicator).withMessage { keyed.digest(of: $0) }
  }

  /// Without an allocation; nil if the form is not complete, because its text was refused or none was read.
  public func digest(of form: borrowing CanonicalForm) -> IndicatorDigest? {
    form.isComplete ? form.withMessage { keyed.digest(of: $0) } : nil
  }

  /// What is authenticated, as `CanonicalForm` has it.
  public static func message(for indicator: Indicator) -> [UInt8] {
    CanonicalForm(indicator).withMessage { message in message.indices.map { message[$0] } }
  }
}

extension DigestFunction: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The epoch; never the state, which stands for the key.
  public var description: String { "digest function of epoch \(keyEpoch) (key withheld)" }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["epoch": keyEpoch], displayStyle: .struct) }
}
