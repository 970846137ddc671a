import Formats
import Testing

@Suite struct ColumnMapTests {
  private let header = ["row", "creditor_account", "acquirer", "mid", "note", "note"]

  @Test func readsOneColumn() throws {
    let map = try ColumnMap(flag: "iban=creditor_account")
    #expect(map.typeName == "iban" && map.columns == ["creditor_account"])
    #expect(try map.resolve(header: header) == [1])
  }

  @Test func joinsSeveralColumns() throws {
    let map = try ColumnMap(flag: "merchant-id=mid+acquirer")
    let positions = try map.resolve(header: header)
    #expect(positions == [3, 2])
    let row = CSVRow(line: 2, fields: ["1", "", "412345", "C928456"])
    #expect(ColumnMap.text(of: row, at: positions) == "C928456|412345")
    #expect(ColumnMap.text(of: CSVRow(line: 3, fields: ["1", "2", "3"]), at: positions) == nil)
  }

  @Test func nameMayHoldAnEqualsSign() throws {
    #expect(try ColumnMap(flag: "iban=a=b").columns == ["a=b"])
  }

  @Test(arguments: ["", "iban", "=a", "iban=", "iban=a+", "iban=+a", "iban=a++b"])
  func refusesAnotherForm(_ flag: String) {
    let problem = #expect(throws: ColumnMapProblem.self) { try ColumnMap(flag: flag) }
    #expect(problem?.code == "flag")
  }

  @Test func namesWhatIsMissingAndWhatIsThere() {
    let problem = #expect(throws: ColumnMapProblem.self) {
      try ColumnMap(flag: "iban=account").resolve(header: ["row", "creditor_account"])
    }
    #expect(problem?.code == "missing-column")
    #expect(problem?.reason == "There is no column 'account'; the columns are 'row', 'creditor_account'.")
  }

  @Test func refusesARepeatedColumn() {
    let problem = #expect(throws: ColumnMapProblem.self) { try ColumnMap(flag: "iban=note").resolve(header: header) }
    #expect(problem?.code == "repeated-column")
  }
}
