import Alliance
import CertificateBench
import Foundation
import Keys
import Testing
import Wire

@Suite("Certificates issued with OpenSSL alone", .timeLimit(.minutes(1)))
struct DevelopmentCertificatesTests {
  @Test func peersAcceptThem() async throws {
    let folder = try TemporaryFolder()
    let script = Self.repository.appendingPathComponent("Certs/make-development-certificates").path
    let made = try await OpenSSL.run(command: "sh", [script, folder.url.path])
    #expect(made.status == 0, "\(made.output)")
    let members = try ["se", "no"].map { id in
      MemberAuthority(
        coalition: try Bench.coalition(id), trustDomain: "vaka.\(id).example",
        authorities: [try Self.der(folder.path("\(id)/authority.pem"))])
    }
    let trust = PeerTrust(members: members)
    #expect(trust.problems.isEmpty)
    for id in ["se", "no"] {
      let leaf = try LeafCertificate.load(from: folder.path("\(id)/node-with-key.pem"))
      for role in PeerRole.allCases {
        let verdict = await trust.judge(
          chain: leaf.chain, at: Date() + 1, role: role, expecting: try Bench.coalition(id))
        #expect(throws: Never.self) { try verdict.get() }
      }
    }
  }

  private static var repository: URL {
    var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<4 { url.deleteLastPathComponent() }
    return url
  }

  private static func der(_ file: String) throws -> [UInt8] {
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let data = try #require(Data(base64Encoded: lines.filter { !$0.hasPrefix("-----") }.joined()))
    return Array(data)
  }
}
