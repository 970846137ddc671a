/// What the version byte of a Base58Check address of 25 bytes says, by each chain's own parameters.
enum Base58Network {
  case chain(String)
  case test(String)
  case unknown

  init(version: UInt8) {
    self =
      switch version {
      // Also Bitcoin SV, and Bitcoin Cash before it had a form of its own: the same keys on each.
      case 0, 5: .chain("bitcoin")
      case TronAddress.version: .chain(TronAddress.chain)
      case 48, 50: .chain("litecoin")
      case 76, 16: .chain("dash")
      // Verge has the same version for its keys: one text is an address of both, so both read it as Dogecoin's.
      case 30, 22: .chain("dogecoin")
      case 33: .chain("verge")
      case 38, 23: .chain("bitcoin-gold")
      case 58: .test("Litecoin")
      case 19, 140: .test("Dash")
      case 113: .test("Dogecoin")
      case 111, 196: .test("Bitcoin")
      default: .unknown
      }
  }
}
