internal import Wire

/// The code of the problem that the body throws; nil if it throws none.
public func problemCode(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? Problem)?.code ?? "\(error)"
  }
}
