internal import Foundation

/// Where the nodes stand: 47 capitals, by degrees. Which countries they are says nothing of who takes part in what.
enum Capitals {
  struct Place {
    let code: String
    let latitude: Double
    let longitude: Double

    init(_ code: String, _ latitude: Double, _ longitude: Double) {
      self.code = code
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  static let all: [Place] = [
    Place("se", 59.3, 18.1), Place("no", 59.9, 10.8), Place("us", 38.9, -77.0), Place("fi", 60.2, 24.9),
    Place("dk", 55.7, 12.6), Place("de", 52.5, 13.4), Place("fr", 48.9, 2.4), Place("gb", 51.5, -0.1),
    Place("nl", 52.4, 4.9), Place("be", 50.9, 4.4), Place("es", 40.4, -3.7), Place("pt", 38.7, -9.1),
    Place("it", 41.9, 12.5), Place("at", 48.2, 16.4), Place("ch", 46.9, 7.4), Place("pl", 52.2, 21.0),
    Place("cz", 50.1, 14.4), Place("sk", 48.1, 17.1), Place("hu", 47.5, 19.0), Place("ro", 44.4, 26.1),
    Place("bg", 42.7, 23.3), Place("gr", 38.0, 23.7), Place("ee", 59.4, 24.8), Place("lv", 56.9, 24.1),
    Place("lt", 54.7, 25.3), Place("ie", 53.3, -6.3), Place("is", 64.1, -21.9), Place("lu", 49.6, 6.1),
    Place("si", 46.1, 14.5), Place("hr", 45.8, 16.0), Place("ca", 45.4, -75.7), Place("mx", 19.4, -99.1),
    Place("br", -15.8, -47.9), Place("ar", -34.6, -58.4), Place("cl", -33.4, -70.7), Place("co", 4.7, -74.1),
    Place("za", -25.7, 28.2), Place("ke", -1.3, 36.8), Place("ng", 9.1, 7.5), Place("gh", 5.6, -0.2),
    Place("au", -35.3, 149.1), Place("nz", -41.3, 174.8), Place("jp", 35.7, 139.7), Place("kr", 37.6, 127.0),
    Place("ph", 14.6, 121.0), Place("th", 13.8, 100.5), Place("in", 28.6, 77.2),
  ]

  /// Round trips in microseconds: 4 ms and a millisecond for every 75 km of great circle, a model that was measured
  /// against a network over five continents to about 15 %.
  static func roundTrip(_ one: Place, _ other: Place) -> UInt64 {
    let radians = Double.pi / 180
    let (first, second) = (one.latitude * radians, other.latitude * radians)
    let between = cos((one.longitude - other.longitude) * radians)
    let cosine: Double = sin(first) * sin(second) + cos(first) * cos(second) * between
    let kilometres: Double = 6_371 * acos(min(1, max(-1, cosine)))
    return UInt64(1_000 * (4 + kilometres / 75))
  }
}
