import ArgumentParser
import Foundation
import Keys
import Operations
import Wire

/// `vaka alliance record`: member records as files.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Our own member record; and records as files, for a node that peers cannot verify yet.",
    subcommands: [Export.self, Import.self, ChangeRecordCommand.self])

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print all records of a coalition, or of all of them.")
    @Argument(help: "The coalition; all if not given.")
    var coalition: String?
    @OptionGroup var home: HomeOption

    func run() throws {
      let id = try coalition.map(coalitionID)
      FileHandle.standardOutput.write(Data(try RecordsFile.export(home.open(), of: id).utf8))
    }
  }

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hand records to the running node, which checks them and passes them on.")
    @Argument(help: "The file that alliance record export, or restore, has written.")
    var file: String
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let text = String(
        decoding: try DurableFile.read(file, noun: "file of member records", atMost: 8 << 20), as: UTF8.self)
      let answer = try RecordsFile.install(text, file: file, in: home.open())
      if output.json { return try Terminal.json(answer) }
      for record in answer.added { Terminal.say("record \(record.number) of \(record.coalition) is in force here") }
      for record in answer.contradicting {
        Terminal.say(
          "record \(record.number) of \(record.coalition) contradicts another of its number: neither counts, and "
            + "nothing later; vaka explain \(record.coalition)")
      }
      if answer.added.isEmpty, answer.contradicting.isEmpty {
        Terminal.say("nothing new: all \(answer.known) records are known here")
      }
    }
  }
}
