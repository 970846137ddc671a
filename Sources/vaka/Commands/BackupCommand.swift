import ArgumentParser
import Foundation
import Operations
import Store
import Wire

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy this node into a new folder, while it runs.",
    discussion: """
      All that a node is, consistent and checked, but for what makes it sign: no sign mark, so that whoever starts from \
      it asks all peers first. Private keys are in it: encrypt it, and keep it as well guarded as the node. The identity \
      key stays outside unless --with-identity.
      """)
  @Argument(help: "The folder to make; never one that is there.")
  var folder: String
  @Flag(help: "Put the identity key in too, if it lies here.")
  var withIdentity = false
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func run() throws {
    let answer = try Backup.run(
      home.open(), to: Self.absolute(folder), withIdentity: withIdentity, now: currentMilliseconds())
    if output.json { return try Terminal.json(answer) }
    let head = answer.ownHead.map { "our head \($0)" } ?? "nothing signed yet"
    Terminal.say("backup of \(answer.coalition) in \(answer.folder)")
    Terminal.say(
      "\(Terminal.count(answer.statements, "statement")) · \(head) · \(Terminal.count(answer.files, "file")) · "
        + "\(Terminal.count(answer.bytes, "byte")) · read back and checked")
    Terminal.say(
      answer.hasIdentityKey
        ? "the identity key is in it: nobody but its keeper may have this folder"
        : "the identity key is not in it: keep that apart, offline")
  }

  static func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return URL(fileURLWithPath: whole).standardized.path
  }
}
