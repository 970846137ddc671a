import CertificateBench
import Foundation
import Testing

@testable import Operations

/// A table is the same however it comes.
@Suite struct TableSourceTests {
  private func rows(_ source: TableSource) throws -> [[String]] {
    var rows: [[String]] = []
    try CSVTable.each(source) { if case .success(let row) = $0 { rows.append(row.fields) } }
    return rows
  }

  @Test func aFileOfManyPiecesIsReadAsAWhole() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<40_000).map { "value \($0);\"a;b \($0)\"" }
    let bytes = Array((["first;second"] + lines).joined(separator: "\n").utf8)
    #expect(bytes.count > 3 * TableSource.pieceBytes)
    let path = folder.path("table.csv")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let fromFile = try rows(.file(path))
    #expect(try rows(.bytes(bytes)) == fromFile)
    #expect(fromFile.count == 40_001 && fromFile[0] == ["first", "second"])
    #expect(fromFile.last == ["value 39999", "a;b 39999"])
  }

  @Test func anEmptyTableHasNoRows() throws {
    #expect(try rows(.bytes([])).isEmpty)
    #expect(try rows(.bytes(Array("only".utf8))) == [["only"]])
  }

  @Test func aMissingFileIsNamed() throws {
    #expect(throws: (any Error).self) { try rows(.file("/nowhere/table.csv")) }
  }
}
