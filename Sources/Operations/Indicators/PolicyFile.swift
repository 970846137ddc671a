internal import Audit
internal import Keys
internal import Signing
public import Store
public import Verdicts
public import Wire

/// Which policy a node judges by: `policy.json` in its folder, or the one for the EU without that file.
public enum PolicyFile {
  /// - Throws: `Problem` `policy-malformed`.
  public static func read(_ folder: NodeFolder) throws(Problem) -> Policy {
    guard DurableFile.exists(folder.policy) else { return .eu }
    return try parse(DurableFile.read(folder.policy, noun: "policy"), file: folder.policy)
  }

  /// Makes one of the built-in policies, or one from a file, the node's own. A running node and every command judge by it at
  /// once; nothing that others see changes.
  /// - Throws: `Problem` `policy-malformed` or what the file system says; the policy before stays.
  public static func use(_ nameOrFile: String, in folder: NodeFolder) throws(Problem) -> Policy {
    let before = (try? read(folder).name) ?? "unreadable"
    let policy =
      if let builtIn = Policy.builtIn.first(where: { $0.name == nameOrFile }) {
        builtIn
      } else {
        try parse(DurableFile.read(nameOrFile, noun: "policy"), file: nameOrFile)
      }
    let bytes = try AnswerFormat.encode(policy, pretty: true)
    let hash = ObjectHash(sha256: bytes).hex
    let audit = AuditTrail(folder)
    let written = try audit.write(
      AuditNote(.policyChanged, before: before, after: "\(policy.name) sha256:\(hash)"))
    do throws(Problem) {
      try DurableFile.write(bytes, to: folder.policy)
    } catch {
      try audit.notDone(written, error)
      throw error
    }
    return policy
  }

  private static func parse(_ bytes: [UInt8], file: String) throws(Problem) -> Policy {
    let policy: Policy
    do {
      policy = try AnswerFormat.decode(Policy.self, from: bytes)
    } catch {
      throw Problem(
        "policy-malformed", "the policy is not JSON of the right form", object: file,
        next: "print a good one with vaka policy show --json, and change that")
    }
    try policy.check()
    return policy
  }
}
