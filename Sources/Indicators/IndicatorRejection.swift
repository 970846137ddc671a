/// Why a text is not taken as an indicator.
///
/// It never holds the text itself, so it may be printed, logged and counted.
public struct IndicatorRejection: Error, Sendable, Hashable {
  /// The stable word for machines, one of `Code`'s raw values.
  public let code: String

  /// One sentence for people that names the rule which failed and where that rule stands.
  public let reason: String

  /// For `ambiguous`: the types the text could be. Otherwise empty.
  public let readings: [IndicatorType]

  public init(_ code: Code, _ reason: String, readings: [IndicatorType] = []) {
    self.code = code.rawValue
    self.reason = reason
    self.readings = readings
  }
}

extension IndicatorRejection {
  /// Every code there is.
  public enum Code: String, CaseIterable, Sendable {
    /// Nothing is left after trimming, or a part that must be there is not.
    case empty
    /// Longer or shorter than the identifier can be.
    case length
    /// A character that cannot occur there.
    case characters
    /// Upper and lower case mixed where the format forbids it.
    case mixedCase = "mixed-case"
    /// The check digits that the number carries do not fit the rest of it.
    case checkDigits = "check-digits"
    /// The checksum inside a crypto address or an onion service's name is wrong.
    case checksum
    /// The parts, or digits and letters, do not stand where the format wants them.
    case structure
    /// The version or length of a segregated witness program is not allowed.
    case witnessProgram = "witness-program"
    /// The parts are not divided by exactly one separator.
    case separator
    /// Only zeros: a filler, not an identifier.
    case allZero = "all-zero"
    /// The country has no entry in the IBAN registry.
    case unsupportedCountry = "unsupported-country"
    /// An address of a chain that has no rule here.
    case unsupportedChain = "unsupported-chain"
    /// The address of a machine where a name is wanted.
    case ipAddress = "ip-address"
    /// An address of a test network, on which nothing is paid.
    case testNetwork = "test-network"
    /// A type that has no rule here.
    case unsupportedType = "unsupported-type"
    /// More than one type accepts the text; name the type.
    case ambiguous
    /// No type accepts the text.
    case unrecognised
  }
}

extension IndicatorRejection {
  /// Whether the text has the form of the type and fails only at what guards against slips.
  var isNear: Bool {
    switch Code(rawValue: code) {
    case .checkDigits, .checksum, .mixedCase, .testNetwork, .unsupportedChain, .witnessProgram: true
    default: false
    }
  }
}

extension IndicatorRejection: CustomStringConvertible {
  public var description: String { "\(code): \(reason)" }
}
