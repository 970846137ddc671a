import Foundation

/// Files of the repository that tests read.
enum SampleFiles {
  static var sanctionsList: String? {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Samples/ofac-digital-currency.csv").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
