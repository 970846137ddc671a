import NodeBench
import RepositoryFiles
import Testing

@Suite(.timeLimit(.minutes(20)))
struct DemoTests {
  @Test func everyLineOfTheDemoHolds() throws {
    let list = RepositoryFiles.sanctionsList
    let run = try CommandRun.vaka(["demo", "--list", list])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.output.contains("520 single-source, 100 by two, 20 by all three"))
    #expect(run.output.contains("signed by the authority of no, not of se"))
  }

  @Test func aMissingListEndsItWithAMessage() throws {
    let run = try CommandRun.vaka(["demo", "--list", "/nowhere.csv"])
    #expect(run.status == 2)
    #expect(run.errors.contains("file-missing"))
  }
}
