/// What happened, as one hash of everything and the last lines in words. Two runs of one seed have the same hash.
public struct Trace {
  private static let kept = 60

  /// FNV-1a, 64 bits: compares runs, proves nothing.
  public private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  public private(set) var count: UInt64 = 0
  private var lines: [String] = []
  private var next = 0
  private let prints: Bool

  init(prints: Bool) { self.prints = prints }

  public var last: [String] { Array(lines[next...] + lines[..<next]) }

  /// Something that happens millions of times a day.
  mutating func count(_ kind: UInt64, _ one: Int, _ other: Int, at time: UInt64) {
    count += 1
    let nodes = UInt64(truncatingIfNeeded: one) &<< 40 ^ UInt64(truncatingIfNeeded: other)
    mix(time &* 0x1_0000_0001 ^ kind &<< 56 ^ nodes)
  }

  mutating func note(_ line: String, at time: UInt64) {
    count(0, 0, 0, at: time)
    for byte in line.utf8 { mix(UInt64(byte)) }
    let text = "\(Self.clock(time)) \(line)"
    if prints { print(text) }
    if lines.count < Self.kept { lines.append(text) } else { lines[next] = text }
    next = (next + 1) % Self.kept
  }

  private mutating func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01B3 }

  /// Days, hours, minutes, seconds and milliseconds of simulated time.
  static func clock(_ time: UInt64) -> String {
    func two(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (seconds, milliseconds) = time.quotientAndRemainder(dividingBy: 1_000)
    let fraction = String(1_000 + milliseconds).dropFirst()
    let clock = "\(two(seconds / 3_600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(fraction)"
    return "\(seconds / 86_400)d \(clock)"
  }
}
