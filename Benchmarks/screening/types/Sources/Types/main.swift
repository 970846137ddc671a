import Foundation
import Indicators

// How many identifiers of each type one core brings into canonical form and digests in a second, beside the bare hash of the same
// messages in the same rounds. By the processor's time, so that other work on the machine counts less.

let samples: [(type: String, text: String)] = [
  ("card-pan", "4111 1111 1111 1111"), ("iban", "GB82WEST12345698765432"), ("iban", "DE89 3704 0044 0532 0130 00"),
  ("merchant-id", "00012345678|000ABC123456"), ("swish-number", "1231234567"), ("legal-entity", "5493001KJTIIGC8Y1R12"),
  ("upi-vpa", "shop.example@upi"), ("mpesa-shortcode", "KE|paybill|123456"),
  ("wallet-handle", "cashapp-us|$shopexample"),
  ("phone-wallet", "swish|+46701234567"), ("pix-key", "cpf|529.982.247-25"),
  ("pix-key", "evp|123e4567-e89b-12d3-a456-426614174000"), ("email-wallet", "paypal|seller@shop.example"),
  ("bank-account", "US|021000021|123456789"), ("company-number", "SE|5560360793"),
  ("merchant-descriptor", "PAYFAC *Shop Example"), ("domain", "www.shop.example"), ("domain", "bücher.example"),
  ("url", "https://shop.example/a/b?c=d"), ("crypto-address", "0xde709f2102306220921060314715629080e2fb77"),
  ("crypto-address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
]
let rounds = 7
let count = 200_000
let keyBytes = [UInt8](repeating: 7, count: 32)
guard let key = HashKey(epoch: 1, bytes: keyBytes) else { exit(2) }
let function = DigestFunction(key: key)
let bare = BareHash(key: keyBytes)

func processorSeconds(_ work: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
  let started = now()
  try work()
  return now() - started
}

print("| type | bytes | a second | bare HMAC a second | of its time |\n| --- | --- | --- | --- | --- |")
for sample in samples {
  guard let type = IndicatorType(name: sample.type) else { exit(2) }
  let text = Array(sample.text.utf8)
  let message = DigestFunction.message(for: try Indicator.parse(sample.text, as: type))
  var form = CanonicalForm()
  var (ours, theirs): (UInt64, UInt64) = (0, 0)
  var times: (whole: [Double], bare: [Double]) = ([], [])
  for _ in 0..<rounds {
    times.whole.append(
      try processorSeconds {
        for _ in 0..<count {
          try form.read(text.span, as: type)
          ours &+= function.digest(of: form)?.prefix ?? 0
        }
      })
    times.bare.append(
      processorSeconds {
        message.withUnsafeBufferPointer { message in
          for _ in 0..<count { theirs &+= bare.prefix(of: message) }
        }
      })
  }
  guard ours == theirs else {
    print("\(sample.type): the digests differ")
    exit(1)
  }
  let (whole, limit) = (times.whole.sorted()[rounds / 2], times.bare.sorted()[rounds / 2])
  let ratio = String(format: "%.2f", whole / limit)
  print(
    "| `\(sample.type)` | \(text.count) | \(Int(Double(count) / whole)) | \(Int(Double(count) / limit)) | \(ratio) |")
}
