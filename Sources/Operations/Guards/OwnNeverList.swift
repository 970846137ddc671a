internal import Keys
internal import Protected
internal import Store
internal import Wire

/// The operator's own never-list in the node's folder; empty without the file.
enum OwnNeverList {
  /// - Throws: `Problem` `never-list-malformed`, or what the file system says.
  static func read(_ folder: NodeFolder) throws(Problem) -> NeverList {
    guard DurableFile.exists(folder.neverList) else { return NeverList([]) }
    let reader = try read(.file(folder.neverList), object: folder.neverList)
    guard let problem = reader.problems.first else { return NeverList(reader.entries) }
    throw Problem(
      "never-list-malformed", "line \(problem.line): \(problem.reason) [\(problem.code)]", object: folder.neverList,
      next: "import a good list: vaka guard import FILE")
  }

  /// The good rows and the bad ones of a file in the form of a never-list.
  static func read(_ source: TableSource, object: String) throws(Problem) -> NeverListReader {
    var reader = NeverListReader()
    do {
      try CSVTable.each(source) { reader.take($0) }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem("file-not-read", "the list cannot be read: \(error)", object: object)
    }
    reader.finish()
    return reader
  }
}
