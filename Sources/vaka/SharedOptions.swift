import ArgumentParser
import Foundation
import Indicators
import Keys
import Operations
import Store
import SwiftProtobuf
import Wire

/// Where the node lies: `--home`, then VAKA_HOME, then /var/lib/vaka (root) or ~/.local/share/vaka.
struct HomeOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The node's folder.", discussion: "Else VAKA_HOME, /var/lib/vaka (root) or ~/.local/share/vaka.")
  )
  var home: String?

  var folder: NodeFolder {
    let environment = ProcessInfo.processInfo.environment
    if let path = home ?? environment["VAKA_HOME"], !path.isEmpty { return NodeFolder(absolute(path)) }
    return NodeFolder(getuid() == 0 ? "/var/lib/vaka" : NSHomeDirectory() + "/.local/share/vaka")
  }

  func open() throws -> NodeHome { try NodeHome(folder) }

  private func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return URL(fileURLWithPath: whole).standardized.path
  }
}

/// A coalition that stands on the command line.
func coalitionID(_ text: String) throws -> CoalitionID {
  guard let id = CoalitionID(text) else {
    throw Problem("bad-coalition", "a coalition is a lower-case ISO 3166-1 code, such as se", object: text)
  }
  return id
}

struct JSONOption: ParsableArguments {
  @Flag(help: "Print JSON with a stable form.")
  var json = false
}

struct PassphraseOption: ParsableArguments {
  @Option(help: "Read the identity key's passphrase from the first line of this file.")
  var passphraseFile: String?

  func read() throws -> String {
    guard let passphraseFile else {
      return try Terminal.hidden("passphrase of the identity key", instead: "give --passphrase-file")
    }
    let text = String(decoding: try DurableFile.read(passphraseFile, noun: "passphrase file"), as: UTF8.self)
    return String(text.prefix { !$0.isNewline })
  }
}

/// What is said of the indicators that are added.
struct ListingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Why it is listed: \(CodeName.all(WireReason.self).joined(separator: ", ")).", valueName: "reason"))
  var reason: String
  @Option(
    help: ArgumentHelp(
      "Where it comes from: \(CodeName.all(WireProvenance.self).joined(separator: ", ")).", valueName: "provenance"))
  var provenance: String
  @Option(
    help: ArgumentHelp(
      "The subject: merchant, payee, facilitator or abused-platform; never a buyer or a victim.", valueName: "role"))
  var role = "payee"
  @Option(help: ArgumentHelp("Traffic Light Protocol: green or clear.", valueName: "handling"))
  var handling = "green"
  @Option(
    help: ArgumentHelp(
      "The most that may be done on it: \(CodeName.all(WireAction.self).joined(separator: ", ")).", valueName: "action")
  )
  var permittedAction: String?
  @Option(help: "0 to 100.")
  var confidence: UInt32?
  @Option(help: "ISO 3166-1 code, such as SE.")
  var country: String?
  @Option(help: "Opaque: letters, digits and . _ / -, at most 32.")
  var caseReference: String?
  @Option(help: "The first day on which it holds; today if not given.")
  var validFrom: String?
  @Option(help: "The last day on which it holds, such as 2027-05-31; what is usual for the type if not given.")
  var validUntil: String?
  @Option(help: "The first day on which it was seen in use.")
  var observedFrom: String?
  @Option(help: "The last day on which it was seen in use.")
  var observedUntil: String?
  @Option(
    help: ArgumentHelp(
      "How the money moves: \(CodeName.all(WirePaymentRoute.self).joined(separator: ", ")).", valueName: "route"))
  var route: String?
  @Option(help: "The source's grade on the Admiralty scale, such as B2.")
  var sourceGrade: String?
  @Option(help: "The sales operation it belongs to: 32 hexadecimal digits, or new for one that is printed.")
  var group: String?
  #if NEWER_KIND
    @Option(help: "For tests: a statement of a kind that an older version does not know, of this round.")
    var trialRound: UInt32?
  #endif

  func template() throws -> ListingTemplate {
    if ["buyer", "victim"].contains(role) {
      throw Problem(
        "role-refused", "buyers and victims are never listed: in extortion the payer may be the child",
        object: "role \(role)", next: "list the seller's side: merchant, payee, facilitator or abused-platform")
    }
    var template = ListingTemplate(
      reason: try Self.value("reason", reason), provenance: try Self.value("provenance", provenance),
      role: try Self.value("role", role), handling: try Self.value("handling", handling),
      permittedAction: try permittedAction.map { try Self.value("permitted-action", $0) } ?? .unspecified,
      confidence: confidence, country: country ?? "", caseReference: caseReference ?? "",
      validFrom: try validFrom.map { try Day.parse($0) }, validUntil: try validUntil.map { try Day.parse($0) })
    template.observedFrom = try observedFrom.map { try Day.parse($0) }
    template.observedUntil = try observedUntil.map { try Day.parse($0) }
    template.route = try route.map { try Self.value("route", $0) } ?? .unspecified
    if let sourceGrade {
      (template.sourceReliability, template.informationCredibility) = try SourceGrade.parse(sourceGrade)
    }
    template.group = try group.map { try OperationGroup.parse($0) } ?? []
    #if NEWER_KIND
      template.trialRound = trialRound
    #endif
    return template
  }

  static func value<Value: SwiftProtobuf.Enum & CaseIterable>(_ option: String, _ name: String) throws -> Value {
    guard let value = CodeName.value(name, of: Value.self) else {
      throw Problem(
        "unknown-value", "--\(option) does not know this value", object: name,
        next: "one of \(CodeName.all(Value.self).joined(separator: ", "))")
    }
    return value
  }
}

/// What every command takes that publishes another member record of ours.
struct OwnRecordOptions: ParsableArguments {
  @Option(help: "Where the identity key lies, if not in the node's folder.")
  var identityKey: String?
  @Flag(
    help: ArgumentHelp(
      "Go on although four records of ours went out within a day, so that peers hold the next one, or although peers have not "
        + "told yet which ones they have."))
  var anyway = false
  @OptionGroup var home: HomeOption
  @OptionGroup var passphrase: PassphraseOption
  @OptionGroup var output: JSONOption
}
