import Foundation
import Links
import Testing
import Wire

@Suite("Values of links")
struct LinkValueTests {
  @Test func aProblemTravels() {
    let problem = Problem("paused", "exchange is paused", object: "se", next: "Ask.")
    let response = PeerResponse.problem(problem, status: 503)
    #expect(response.status == 503)
    #expect(response.problem == problem)
    #expect(PeerResponse(status: 200, contentType: "application/protobuf", body: []).problem == nil)
  }

  @Test func anIdentityDoesNotShowItsKey() {
    let identity = LinkIdentity(chain: [[1]], privateKeyPEM: "secret")
    var text = "\(identity) \(String(reflecting: identity))"
    dump(identity, to: &text)
    #expect(!text.contains("secret"))
  }
}
