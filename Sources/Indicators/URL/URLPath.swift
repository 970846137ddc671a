/// The path of a URL: never empty, percent-encoding in one spelling, without dot segments.
enum URLPath {
  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  /// What stands as itself in a path (RFC 3986, section 3.3) beside the unreserved characters.
  private static let signs = Set("/:@!$&'()*+,;=".utf8)

  /// - Parameter path: empty or beginning with a slash.
  static func normalised(_ path: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    // An encoded dot is a dot, so decoding comes first.
    let encoded = try PercentEncoding.normalised(path, keeping: signs)
    return withoutDotSegments(encoded)
  }

  /// RFC 3986, section 5.2.4, over segments: `.` goes, `..` takes the segment before it away, and as the last segment
  /// both leave a slash at the end.
  private static func withoutDotSegments(_ path: [UInt8]) -> [UInt8] {
    var kept: [ArraySlice<UInt8>] = []
    var endsInDots = true
    for segment in path.dropFirst().split(separator: slash, omittingEmptySubsequences: false) {
      endsInDots = segment.elementsEqual([dot]) || segment.elementsEqual([dot, dot])
      if !endsInDots {
        kept.append(segment)
      } else if segment.count == 2, !kept.isEmpty {
        kept.removeLast()
      }
    }
    if endsInDots { kept.append([]) }
    return kept.reduce(into: []) { result, segment in
      result.append(slash)
      result.append(contentsOf: segment)
    }
  }
}
