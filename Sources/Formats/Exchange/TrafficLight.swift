/// The Traffic Light Protocol of FIRST, versions 1 and 2, as documents of either form carry it.
enum TrafficLight: Int, Comparable, CaseIterable {
  case clear, green, amber, amberStrict, red

  /// As the field `handling` names it.
  var handling: String {
    switch self {
    case .clear: "clear"
    case .green: "green"
    case .amber: "amber"
    case .amberStrict: "amber-strict"
    case .red: "red"
    }
  }

  /// From `tlp:amber+strict`, `TLP:WHITE` or the bare colour.
  init?(label: String) {
    var label = label.lowercased()
    if label.hasPrefix("tlp:") { label.removeFirst(4) }
    switch label {
    case "clear", "white": self = .clear
    case "green": self = .green
    case "amber": self = .amber
    case "amber+strict", "amber-strict": self = .amberStrict
    case "red": self = .red
    default: return nil
    }
  }

  /// The marking definitions of STIX 2.1, section 7.2.1.4 (version 1), and of OASIS' extension for version 2.
  static let markings: [String: TrafficLight] = [
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": .clear,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": .green,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": .amber,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": .red,
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": .clear,
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": .green,
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": .amber,
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": .amberStrict,
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": .red,
  ]

  static func < (left: TrafficLight, right: TrafficLight) -> Bool { left.rawValue < right.rawValue }

  /// Why an object with this marking is refused; nil if it may go to the whole alliance.
  func refusal(of object: String) -> DocumentRefusal? {
    guard self > .green else { return nil }
    return DocumentRefusal(
      .handling,
      "It is marked TLP:\(handling.uppercased()): listings for less than the whole alliance cannot be sealed by this version.",
      object: object)
  }
}
