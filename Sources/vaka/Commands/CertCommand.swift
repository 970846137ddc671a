import ArgumentParser
import Control
import Foundation
import Keys
import Operations
internal import Store
import Wire

struct CertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cert", abstract: "The node's certificate, and the authorities that count for each member.",
    discussion: """
      A node renews its certificate by itself while its authority's key is here. With an authority elsewhere: request, have it \
      signed, install. Docs/operations.md has every ceremony step by step.
      """,
    subcommands: [Show.self, Request.self, Install.self, Renew.self, Revoke.self, AuthorityCommand.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Our certificate, everyone's authorities, and who has our newest record.")
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ShowCertificates.run(home.open(), now: Date())
      if output.json { return try Terminal.json(answer) }
      Terminal.say("serial   \(answer.serial)")
      Terminal.say("ends     \(answer.ends.formatted(.iso8601)), in \(answer.days) days")
      Terminal.say(
        "issuer   \(answer.issuer) · \(answer.renewsItself ? "renewed by the node itself" : "brought from elsewhere")")
      if answer.requestWaits {
        Terminal.say("waiting  a request was made; install its certificate: vaka cert install FILE")
      }
      if answer.authorityWaits { Terminal.say("waiting  a new authority of our own: vaka cert authority use") }
      if let warning = answer.warning { Terminal.say("warning  \(warning)") }
      if let holders = answer.holders {
        let lack = holders.lacking.map { "\($0.coalition) (\($0.why))" }.joined(separator: ", ")
        Terminal.say(
          "record   \(holders.record), held by \(holders.held.count)" + (lack.isEmpty ? "" : ", not by \(lack)"))
      }
      Terminal.say("")
      let rows = answer.members.flatMap { member in
        member.authorities.map { authority in
          [
            member.coalition.rawValue, "\(member.record)", String(authority.fingerprint.prefix(16)),
            authority.ends.formatted(.iso8601.year().month().day()), "\(member.revoked.count)",
            authority.inUse.map { $0 ? "in use" : "not in use" } ?? "",
          ]
        }
      }
      Terminal.say(Terminal.table([["MEMBER", "RECORD", "AUTHORITY", "ENDS", "REVOKED", "OURS"]] + rows))
    }
  }

  struct Request: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a signing request for an authority elsewhere; its key is made here and stays here.")
    @Flag(help: "A new key, although a request is waiting for its certificate.")
    var anew = false
    @OptionGroup var home: HomeOption

    func run() throws {
      FileHandle.standardOutput.write(Data(try RequestCertificate.run(home.open(), anew: anew).utf8))
      Terminal.note("next: have it signed after the profile (Certs/README.md), then vaka cert install FILE")
    }
  }

  struct Install: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Use a certificate from elsewhere, once it is checked as every peer will check it.")
    @Argument(help: "The certificate, PEM.")
    var file: String
    @Option(help: "Its private key, if it was not made by cert request.")
    var key: String?
    @Flag(help: "Go on although members lack the record with its authority: they refuse us until they have it.")
    var anyway = false
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() async throws {
      let answer = try await InstallCertificate.run(
        home.open(), file: file, keyFile: key, anyway: anyway, now: Date())
      if output.json { return try Terminal.json(answer) }
      Terminal.say("installed serial \(answer.serial), until \(answer.ends.formatted(.iso8601))")
      Terminal.say(answer.nodeRunning ? "the node shows it from now on" : "next: vaka serve")
    }
  }

  struct Renew: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let the running node issue itself a new certificate at once, with its authority's key.")
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try NodeCall.certificate.ask(
        ControlClient(path: home.open().folder.controlSocket), CertificateCall.renew, for: CertificateCall.Answer.self)
      if output.json { return try Terminal.json(answer) }
      Terminal.say("a new certificate, until \(answer.ends.formatted(.iso8601))")
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a certificate of ours back, by its serial number: in a new record, so with the identity key.")
    @Argument(help: "Hexadecimal, as vaka cert show and openssl x509 -serial print it.")
    var serial: String
    @OptionGroup var options: OwnRecordOptions

    func run() throws {
      let answer = try RevokeCertificate.run(
        options.home.open(), serial: serial, identityKey: options.identityKey, passphrase: options.passphrase.read(),
        anyway: options.anyway)
      if options.output.json { return try Terminal.json(answer) }
      if answer.renewed { Terminal.say("it was the one in use, so a new one was issued before") }
      Terminal.say("serial \(answer.serial) is taken back by member record \(answer.record)")
      Terminal.say("next: move the identity key offline again; vaka cert show tells who has the record")
    }
  }
}

/// `vaka cert authority`: three steps to another certificate authority.
struct AuthorityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "authority",
    abstract: "Another certificate authority: published, then used, then the old one retired.",
    subcommands: [Publish.self, Use.self, Retire.self])

  struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a new authority beside the old one, in a new record, so with the identity key.")
    @Option(help: "The certificate of an authority elsewhere, PEM; else one of our own is made.")
    var file: String?
    @OptionGroup var options: OwnRecordOptions

    func run() throws {
      let answer = try RotateAuthority.publish(
        options.home.open(), file: file, identityKey: options.identityKey, passphrase: options.passphrase.read(),
        anyway: options.anyway, now: Date())
      if options.output.json { return try Terminal.json(answer) }
      Terminal.say("member record \(answer.record) holds \(Terminal.count(answer.authorities.count)) authorities")
      Terminal.say(
        file == nil
          ? "next: when all have it (vaka cert show), vaka cert authority use"
          : "next: when all have it (vaka cert show), vaka cert request, and vaka cert install what it issues")
    }
  }

  struct Use: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Issue the node's certificate from the authority of our own that was published.")
    @Flag(help: "Go on although members lack the record: they refuse us until they have it.")
    var anyway = false
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() async throws {
      let answer = try await RotateAuthority.use(home.open(), anyway: anyway, now: Date())
      if output.json { return try Terminal.json(answer) }
      Terminal.say("the node shows serial \(answer.serial ?? "-") of the new authority from now on")
      Terminal.say("next: in some minutes, when no link is an old one, vaka cert authority retire")
    }
  }

  struct Retire: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Publish a record without the authorities that did not issue the certificate in use.")
    @OptionGroup var options: OwnRecordOptions

    func run() throws {
      let answer = try RotateAuthority.retire(
        options.home.open(), identityKey: options.identityKey, passphrase: options.passphrase.read(),
        anyway: options.anyway)
      if options.output.json { return try Terminal.json(answer) }
      Terminal.say("member record \(answer.record) holds one authority; what the old one issued is worth nothing")
    }
  }
}
