/// What the version byte of a Base58Check address of 25 bytes says, by each chain's own parameters.
enum Base58Network {
  case bitcoin
  case tron
  case unsupported(String)
  case test(String)
  case unknown

  init(version: UInt8) {
    self =
      switch version {
      case 0, 5: .bitcoin
      case TronAddress.version: .tron
      case 48, 50: .unsupported("Litecoin")
      case 16, 76: .unsupported("Dash")
      case 30: .unsupported("Dogecoin or Verge")
      case 22: .unsupported("Dogecoin")
      case 33: .unsupported("Verge")
      case 23, 38: .unsupported("Bitcoin Gold")
      case 58: .test("Litecoin")
      case 19, 140: .test("Dash")
      case 113: .test("Dogecoin")
      case 111, 196: .test("Bitcoin")
      default: .unknown
      }
  }
}
