import Indicators
import Testing

/// By rules of the list that have stood in it for many years.
@Suite struct PublicSuffixTests {
  @Test(arguments: ["com", "se", "co.uk", "com.br", "github.io", "blogspot.com", "xn--p1ai", "kawasaki.jp.kawasaki.jp"])
  func knowsEndings(_ domain: String) {
    #expect(PublicSuffix.contains(domain) == (domain != "kawasaki.jp.kawasaki.jp"))
  }

  @Test(arguments: [
    ("shop.example", "shop.example"), ("a.b.shop.example", "shop.example"), ("pay.shop.co.uk", "shop.co.uk"),
    ("a.someone.github.io", "someone.github.io"), ("www.ck", "www.ck"),
  ])
  func findsWhatSomebodyRegistered(_ domain: String, _ registrable: String) {
    #expect(PublicSuffix.registrable(domain) == registrable && !PublicSuffix.contains(domain))
  }

  @Test func anEndingIsRegisteredByNobody() {
    #expect(PublicSuffix.registrable("co.uk") == nil && PublicSuffix.registrable("com") == nil)
  }
}
