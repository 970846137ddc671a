/// How far a peer's feed had been read in the last minutes.
///
/// When somebody falls silent, what the others passed over of him is wanted: from some minutes back on, not everything that
/// they hold of everybody.
struct CursorTrail: Sendable {
  static let spacing: Puller.Time = 30_000
  static let most = 8

  private var marks: [(at: Puller.Time, cursor: String)] = []

  /// Notes a cursor that came now; of those that come close together the first is enough.
  mutating func note(_ cursor: String, at now: Puller.Time) {
    if let last = marks.last, now < last.at + Self.spacing { return }
    marks.append((now, cursor))
    if marks.count > Self.most { marks.removeFirst() }
  }

  /// The newest cursor that had come by then, forgetting the later ones; nil if that is too long ago to say.
  mutating func rewind(to time: Puller.Time) -> (at: Puller.Time, cursor: String)? {
    while let last = marks.last, last.at > time { marks.removeLast() }
    return marks.last
  }
}
