/// What the version byte of a Base58Check address of 25 bytes says, by each chain's own parameters.
///
/// A version that two chains share cannot be told apart: 5 is Bitcoin's and was Litecoin's before 50; 30 is Dogecoin's
/// and, for the address of a key, also Verge's. Such a text is read as the chain named here.
enum Base58Network {
  case main(String)
  case test(String)
  case unknown

  init(version: UInt8) {
    self =
      switch version {
      case 0, 5: .main("bitcoin")
      case TronAddress.version: .main(TronAddress.chain)
      case 48, 50: .main("litecoin")
      case 16, 76: .main("dash")
      case 22, 30: .main("dogecoin")
      case 33: .main("verge")
      case 23, 38: .main("bitcoin-gold")
      case 58: .test("Litecoin")
      case 19, 140: .test("Dash")
      case 113: .test("Dogecoin")
      case 111, 196: .test("Bitcoin")
      default: .unknown
      }
  }
}
