import CertificateBench
import Links
import Synchronization

/// Refusals in the order of their report.
final class Refusals: Sendable {
  private let reports: AsyncStream<LinkRefusal>
  private let continuation: AsyncStream<LinkRefusal>.Continuation
  private let kept = Mutex<[LinkRefusal]>([])

  init() {
    (reports, continuation) = AsyncStream.makeStream()
  }

  func add(_ refusal: LinkRefusal) {
    kept.withLock { $0.append(refusal) }
    continuation.yield(refusal)
  }

  var all: [LinkRefusal] { kept.withLock { $0 } }

  func next() async throws -> LinkRefusal {
    let reports = reports
    return try await within {
      for await report in reports { return report }
      throw TookTooLong()
    }
  }
}

extension PeerClient {
  /// The failure that a request ends with, or nil if it was answered.
  func failure(of path: String, within limit: Duration = .seconds(10)) async -> LinkFailure? {
    do throws(LinkFailure) {
      _ = try await get(path, timeout: limit)
      return nil
    } catch {
      return error
    }
  }

  func failure(ofPosting body: [UInt8], to path: String) async -> LinkFailure? {
    do throws(LinkFailure) {
      _ = try await post(path, body: body, timeout: .seconds(20))
      return nil
    } catch {
      return error
    }
  }
}
