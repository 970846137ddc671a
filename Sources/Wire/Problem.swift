/// What went wrong, to which object, and what to do next: the one error style of the house.
///
/// Between peers it travels as problem details (RFC 9457), on the control socket and in `--json` as its Codable form.
public struct Problem: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  /// Stable and kebab-case; programs may depend on it. `Docs/cli.md` lists all codes.
  public var code: String
  /// One sentence for people; never holds a plaintext identifier.
  public var what: String
  /// The file, coalition, head or peer that it happened to.
  public var object: String?
  /// The next step, where there is one.
  public var next: String?

  public init(_ code: String, _ what: String, object: String? = nil, next: String? = nil) {
    self.code = code
    self.what = what
    self.object = object
    self.next = next
  }

  public var description: String {
    var text = object.map { "\($0): \(what)" } ?? what
    if let next { text += "\n\(next)" }
    return text
  }
}
