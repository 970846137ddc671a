/// One measured thing with all its samples, as one scrape shows it.
public struct MetricFamily: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    /// Only ever rises while the process runs; its name ends in `_total`.
    case counter
    case gauge
  }

  public struct Label: Sendable, Hashable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public struct Sample: Sendable, Hashable {
    public let labels: [Label]
    public let value: Double

    public init(_ value: Double, _ labels: [Label] = []) {
      self.labels = labels
      self.value = value
    }
  }

  public let name: String
  public let help: String
  public let kind: Kind
  public let samples: [Sample]

  public init(name: String, help: String, kind: Kind, samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }
}
