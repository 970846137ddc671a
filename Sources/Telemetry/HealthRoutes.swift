/// What is answered where: `/healthz`, `/readyz` and `/metrics`, and nothing else.
struct HealthRoutes: Sendable {
  struct Reply: Sendable, Hashable {
    let status: Int
    let contentType: String
    let body: String
  }

  let source: HealthSource
  /// How long the node may take to answer; one that does not is as good as dead to whoever asks.
  let patience: Duration

  func reply(to method: String, _ path: String) async -> Reply {
    guard ["/healthz", "/readyz", "/metrics"].contains(path) else {
      return text(404, "not found: there are /healthz, /readyz and /metrics")
    }
    guard method == "GET" else { return text(405, "only GET is answered here") }
    switch path {
    case "/healthz": return await state(source.sickness)
    case "/readyz": return await state(source.unreadiness)
    default: return await metrics()
    }
  }

  private func state(_ complaint: @escaping @Sendable () async -> String?) async -> Reply {
    guard let answer = await within(patience, complaint) else { return late }
    guard let complaint = answer else { return text(200, "ok") }
    return text(503, complaint.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  private func metrics() async -> Reply {
    let answer = await within(patience) { [source] in
      do {
        return Result<[MetricFamily], any Error>.success(try await source.metrics())
      } catch {
        return .failure(error)
      }
    }
    switch answer {
    case nil: return late
    case .failure: return text(503, "the store cannot be read")
    case .success(let families):
      return Reply(status: 200, contentType: PrometheusText.contentType, body: PrometheusText.encode(families))
    }
  }

  private var late: Reply { text(503, "the node has not answered within \(patience.components.seconds) s") }

  private func text(_ status: Int, _ line: String) -> Reply {
    Reply(status: status, contentType: "text/plain; charset=utf-8", body: line + "\n")
  }
}
