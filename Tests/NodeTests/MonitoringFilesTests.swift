import Foundation
import RepositoryFiles
import Testing

@testable import Node

/// Dashboard and alerts ask for nothing that no node shows.
@Suite struct MonitoringFilesTests {
  private static let folder = RepositoryFiles.folder.appending(path: "Docs/monitoring")

  private func text(_ name: String) throws -> String {
    try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
  }

  private func names(_ text: String) -> Set<String> {
    Set(text.matches(of: /\bvaka_[a-z_]+/).map { String($0.output) })
  }

  @Test(arguments: ["vaka-rules.yaml", "vaka-rules-test.yaml", "vaka-dashboard.json"])
  func everyMetricExists(_ file: String) throws {
    let used = names(try text(file))
    #expect(used.count >= 6)
    #expect(used.subtracting(NodeMetric.allCases.map(\.rawValue)).sorted() == [])
  }

  @Test func everyMetricIsDescribed() throws {
    let described = names(try text("README.md"))
    #expect(Set(NodeMetric.allCases.map(\.rawValue)).subtracting(described).sorted() == [])
    #expect(described.subtracting(NodeMetric.allCases.map(\.rawValue)).sorted() == [])
  }

  private struct Dashboard: Decodable {
    struct Place: Decodable { let x, y, w, h: Int }
    struct Target: Decodable { let expr, refId: String }
    struct Panel: Decodable {
      let id: Int
      let type, title: String
      let gridPos: Place
      let targets: [Target]?
    }

    let uid, title: String
    let schemaVersion: Int
    let panels: [Panel]
  }

  @Test func theDashboardIsWhole() throws {
    let dashboard = try JSONDecoder().decode(Dashboard.self, from: Data(text("vaka-dashboard.json").utf8))
    #expect(dashboard.schemaVersion >= 36 && !dashboard.uid.isEmpty)
    #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
    for panel in dashboard.panels where panel.type != "row" {
      #expect(panel.gridPos.x >= 0 && panel.gridPos.x + panel.gridPos.w <= 24 && panel.gridPos.h > 0, "\(panel.title)")
      let targets = try #require(panel.targets, "\(panel.title)")
      #expect(!targets.isEmpty && targets.allSatisfy { !$0.expr.isEmpty }, "\(panel.title)")
      #expect(Set(targets.map(\.refId)).count == targets.count, "\(panel.title)")
    }
    let places = dashboard.panels.map(\.gridPos)
    for (number, one) in places.enumerated() {
      for other in places.dropFirst(number + 1) {
        let apart =
          one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y
          || other.y + other.h <= one.y
        #expect(apart, "two panels lie on each other")
      }
    }
  }
}
