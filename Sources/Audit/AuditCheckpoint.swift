internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// What stands in place of entries that were pruned: where they ended, signed by the node's signing key. The chain goes on from it.
public struct AuditCheckpoint: Sendable, Hashable {
  public static let form = 1

  public let coalition: String
  /// The last entry that is gone.
  public let head: AuditHead
  /// When that entry was made, and when it was pruned: milliseconds since 1970.
  public let lastAt: UInt64
  public let prunedAt: UInt64
  /// The signing key's public half.
  public let key: VerifyingKey
  public let signature: [UInt8]

  public init(
    coalition: String, head: AuditHead, lastAt: UInt64, prunedAt: UInt64, signedBy key: SigningKey
  ) throws(Problem) {
    self.coalition = coalition
    self.head = head
    self.lastAt = lastAt
    self.prunedAt = prunedAt
    self.key = key.verifyingKey
    let body = Self.body(coalition, head, lastAt, prunedAt)
    signature = Array(try key.sign(.auditCheckpoint, body: Array(body.utf8)).bytes)
  }

  /// What is signed: one JSON object, written as an entry is.
  private static func body(_ coalition: String, _ head: AuditHead, _ lastAt: UInt64, _ prunedAt: UInt64) -> String {
    "{\"audit-checkpoint\":\(form),\"coalition\":\(AuditText.json(coalition)),\"through\":\(head.number),"
      + "\"head\":\"\(head.hash.hex)\",\"last-at\":\(lastAt),\"pruned-at\":\(prunedAt)}"
  }

  public var line: String {
    "{\"checkpoint\":\(Self.body(coalition, head, lastAt, prunedAt)),\"key\":\"\(Hexadecimal.encode(key.bytes))\","
      + "\"signature\":\"\(Hexadecimal.encode(signature))\"}"
  }

  private struct Form: Decodable {
    struct Body: Decodable {
      let form: Int
      let coalition: String
      let through: UInt64
      let head: String
      let lastAt: UInt64
      let prunedAt: UInt64

      enum CodingKeys: String, CodingKey {
        case form = "audit-checkpoint"
        case coalition, through, head
        case lastAt = "last-at"
        case prunedAt = "pruned-at"
      }
    }

    let checkpoint: Body
    let key: String
    let signature: String
  }

  /// - Throws: `Problem` `audit-checkpoint` if the line is none, or its signature is not its key's.
  public init(line: String) throws(Problem) {
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(line.utf8)),
      let hash = ObjectHash(hex: form.checkpoint.head),
      let key = Hexadecimal.decode(form.key).flatMap({ VerifyingKey($0) }),
      let signature = Hexadecimal.decode(form.signature)
    else { throw Problem("audit-checkpoint", "the line is no checkpoint of an audit log") }
    coalition = form.checkpoint.coalition
    head = AuditHead(number: form.checkpoint.through, hash: hash)
    (lastAt, prunedAt) = (form.checkpoint.lastAt, form.checkpoint.prunedAt)
    self.key = key
    self.signature = signature
    guard self.line.utf8.elementsEqual(line.utf8) else {
      throw Problem("audit-checkpoint", "the checkpoint is not written as checkpoints are")
    }
    let body = Array(Self.body(coalition, head, lastAt, prunedAt).utf8)
    let message = SignedType.auditCheckpoint.preAuthenticationEncoding(of: body)
    guard key.isValid(signature: signature, for: message) else {
      throw Problem("audit-checkpoint", "the checkpoint's signature is not by the key that it names")
    }
  }
}
