/// The ids by which STIX documents know this project. They never change.
enum STIXIdentity {
  /// Our extension for digests and what is said of them; `Docs/exchange.md` defines its properties.
  static let digestExtension = "extension-definition--ea6d1260-8040-569b-95b5-d05c9804434e"
  /// The language of patterns that are a digest and nothing else.
  static let digestPatternType = "vaka-digest"
  /// OASIS' extension that carries TLP 2.0.
  static let trafficLightExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
}
