/// Reads a CSV file that comes in chunks of any size, and gives out what each chunk completes.
public protocol CSVReading {
  associatedtype Output

  init(delimiter: CSVDelimiter)

  /// Takes the next bytes of the file.
  mutating func feed(_ chunk: [UInt8]) -> [Output]

  /// Gives out what is left at the end of the file.
  mutating func finish() -> [Output]
}
