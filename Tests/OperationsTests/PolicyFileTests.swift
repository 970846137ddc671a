import AllianceBench
import CertificateBench
import Foundation
import Operations
import Store
import Testing
import Verdicts
import Wire

@Suite struct PolicyFileTests {
  @Test func theEUsIsTheDefaultAndAnotherIsKept() throws {
    let folder = try TemporaryFolder()
    let home = NodeFolder(folder.url.path)
    #expect(try PolicyFile.read(home) == .eu)
    for policy in Policy.builtIn {
      _ = try PolicyFile.use(policy.name, in: home)
      #expect(try PolicyFile.read(home) == policy)
    }
  }

  @Test func aBadPolicyChangesNothing() throws {
    let folder = try TemporaryFolder()
    let home = NodeFolder(folder.url.path)
    _ = try PolicyFile.use("strict", in: home)
    for text in [
      "{", "{}", #"{"name":"x","rules":[{"action":"block","coalitions":1}],"confirmed-by":[],"type-ceilings":{}}"#,
    ] {
      let file = folder.path("other.json")
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      #expect(problemCode { _ = try PolicyFile.use(file, in: home) } == "policy-malformed")
    }
    #expect(try PolicyFile.read(home) == .strict)
  }
}
