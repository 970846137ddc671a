public import Alliance
public import Indicators
internal import Keys
internal import Store
public import Wire

/// The hash keys that are open on a day, and those of them that are here.
///
/// A key that is not here yet is no reason to stop: what is listed under it does not match, and who screens is told. A closed one is not
/// used for anything.
public struct OpenHashKeys: Sendable {
  /// Oldest first, at least one.
  public let keys: [HashKey]
  /// Epochs of open keys that no peer has given us yet.
  public let missing: [UInt32]

  /// All that are open, whether they are here or not.
  public var epochs: Set<UInt32> { Set(missing).union(keys.map(\.epoch)) }

  /// One for each key that is here, oldest first.
  public var functions: [DigestFunction] { keys.map { DigestFunction(key: $0) } }

  /// What is not matched because a key is not here, for people; nil if nothing is.
  public static func warning(missing: [UInt32]) -> String? {
    guard let first = missing.first else { return nil }
    let (names, are) =
      missing.count == 1
      ? ("hash key \(first)", "is") : ("hash keys \(missing.map(String.init).joined(separator: ", "))", "are")
    return "\(names) \(are) not here yet: listings under \(missing.count == 1 ? "it" : "them") do not match"
  }
}

extension NodeHome {
  /// - Parameters:
  ///   - today: UTC days since 1970.
  ///   - roster: nil for the one in this folder.
  /// - Throws: `Problem` `no-alliance`, `no-hash-key` if none is here, or what a file says.
  public func openHashKeys(on today: UInt32, roster: Roster? = nil) throws(Problem) -> OpenHashKeys {
    let roster = if let roster { roster } else { try requireMembership().roster }
    var (keys, missing): ([HashKey], [UInt32]) = ([], [])
    for epoch in roster.openHashKeys(on: today) {
      let path = folder.hashKey(epoch: epoch)
      if DurableFile.exists(path) {
        keys.append(try HashKeyFile.read(path))
      } else {
        missing.append(epoch)
      }
    }
    guard !keys.isEmpty else {
      throw Problem(
        "no-hash-key", "none of the alliance's open hash keys is here", object: folder.path,
        next: "start the node: any peer gives it the keys, sealed to it")
    }
    return OpenHashKeys(keys: keys, missing: missing)
  }

  /// Epochs of open keys that are not here; all of them, if need be.
  public func missingHashKeys(on today: UInt32, roster: Roster) -> [UInt32] {
    roster.openHashKeys(on: today).filter { !DurableFile.exists(folder.hashKey(epoch: $0)) }
  }
}
