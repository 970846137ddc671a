internal import Ledger
internal import Replication
internal import Signing
internal import Wire

/// What became of the bodies that travelled: each byte is counted once, by what it was good for.
extension Simulation {
  struct Body {
    let head: HeadReference?
    let bytes: UInt64
    let fate: Report.BodyFate?
  }

  /// Bodies in an answer, with their fate where it is known before the node has looked at them.
  func bodies(in answer: PeerAnswer, for node: SimulatedNode) -> [Body] {
    func body(_ head: Head, _ delta: [UInt8]) -> Body {
      let name = head.reference
      let fate: Report.BodyFate? =
        if truth.breaksRule(name.hash) || !truth.wasSigned(name)
          || SignedType.delta.hash(of: delta) != head.claims.deltaHash
        {
          .altered
        } else if !name.isAfter(node.disk.state.positions[name.coalition]?.head) {
          .late
        } else {
          nil
        }
      return Body(head: name, bytes: UInt64(delta.count), fate: fate)
    }
    switch answer {
    case .heads(let page): return page.heads.compactMap { entry in entry.delta.map { body(entry.head, $0) } }
    case .deltas(let entries, _): return entries.map { body($0.head, $0.delta) }
    case .snapshot(let page):
      let bytes = page.rows.reduce(0) { $0 + $1.liveBytes }
      return [Body(head: nil, bytes: bytes, fate: truth.breaksRule(page.head.reference.hash) ? .altered : .copy)]
    default: return []
    }
  }

  func count(_ bodies: [Body], at node: SimulatedNode, isSecond: Bool) {
    let isLost = node.disk.isFull || !node.isUp
    for body in bodies {
      let isThere = body.head.map { !$0.isAfter(node.disk.state.positions[$0.coalition]?.head) } ?? false
      let fate = isSecond ? .doubled : body.fate ?? (isThere ? .new : isLost ? .undone : .unused)
      report.bodies[fate, default: 0] += body.bytes
    }
  }
}
