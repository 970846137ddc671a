/// The canonical form of one identifier after the other, in memory that is used again: millions are read without an allocation for each.
///
/// It is kept as the message that is digested, so that nothing is copied between a rule and the hash: suite (1 byte) ‖ type
/// number (2, big-endian) ‖ normaliser version (1) ‖ scheme length (1) ‖ scheme ‖ value length (2, big-endian) ‖ canonical value, both
/// texts in UTF-8. Fixed fields and length prefixes make it injective: different indicators never share a message.
public struct CanonicalForm: ~Copyable {
  private static let schemeStart = 5
  private static let lengthCount = 2
  private static let firstCapacity = 512

  // Every access lies below `end`, which `append` and `beginScheme` alone move and which never exceeds the capacity.
  private var storage: UnsafeMutableBufferPointer<UInt8>
  private var end = schemeStart + lengthCount
  private var valueStart = schemeStart + lengthCount

  /// Whether an identifier stands in it.
  public private(set) var isComplete = false

  public init() {
    storage = .allocate(capacity: Self.firstCapacity)
    storage.initialize(repeating: 0)
  }

  deinit { storage.deallocate() }

  /// Brings a text into the canonical form of a type.
  ///
  /// - Parameters:
  ///   - text: UTF-8 from outside; other bytes are refused.
  ///   - type: what it is.
  /// - Throws: what `Indicator.parse` throws for the same text; the form is then not complete.
  public mutating func read(_ text: Span<UInt8>, as type: IndicatorType) throws(IndicatorRejection) {
    isComplete = false
    guard let rule = IndicatorRules.rule(of: type) else { throw .unsupported(type) }
    begin(type, normaliser: rule.normaliser)
    try rule.write(text, to: &self)
    try complete()
  }

  /// Lends the message; do not let it escape.
  func withMessage<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(rebasing: storage[..<end]).span)
  }
}

/// What rules write with: the scheme, if there is one, between `beginScheme` and `endScheme`, then the value.
extension CanonicalForm {
  mutating func begin(_ type: IndicatorType, normaliser: UInt8) {
    storage[0] = DigestFunction.suite
    storage[1] = UInt8(truncatingIfNeeded: type.rawValue >> 8)
    storage[2] = UInt8(truncatingIfNeeded: type.rawValue)
    storage[3] = normaliser
    clear()
  }

  /// Forgets scheme and value.
  mutating func clear() {
    isComplete = false
    valueStart = Self.schemeStart + Self.lengthCount
    end = valueStart
  }

  mutating func beginScheme() {
    end = Self.schemeStart
  }

  mutating func endScheme() {
    for _ in 0..<Self.lengthCount { append(0) }
    valueStart = end
  }

  mutating func append(_ byte: UInt8) {
    if end == storage.count { grow() }
    storage[end] = byte
    end += 1
  }

  mutating func append(_ bytes: Span<UInt8>) {
    _ = append(bytes, in: bytes.indices) { $0 }
  }

  /// Writes bytes one after the other, each as the function has it, up to the first for which it has none.
  /// - Returns: the place of that byte, or the end of the range.
  @inline(__always)
  mutating func append(
    _ bytes: Span<UInt8>, in range: Range<Int>, as written: (UInt8) -> UInt8?
  ) -> Int {
    while storage.count - end < range.count { grow() }
    var (index, place) = (range.lowerBound, end)
    while index < range.upperBound, let byte = written(bytes[index]) {
      storage[place] = byte
      (index, place) = (index + 1, place + 1)
    }
    end = place
    return index
  }

  mutating func append(_ text: String) {
    append(text.utf8.span)
  }

  /// Writes the scheme into the value, as most types have it that know one.
  mutating func appendScheme() {
    for index in Self.schemeStart..<valueStart - Self.lengthCount { append(storage[index]) }
  }

  /// Takes a run of characters out of the value; what of it lies beyond the value does not count.
  mutating func remove(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<count)
    for index in valueStart + range.lowerBound..<end - range.count { storage[index] = storage[index + range.count] }
    end -= range.count
  }

  /// Takes the last character of the value off, if there is one.
  mutating func removeLast() {
    if end > valueStart { end -= 1 }
  }

  /// In bytes.
  var count: Int { end - valueStart }

  /// Lends the value as written so far; do not let it escape.
  func value<Result, Failure>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(rebasing: storage[valueStart..<end]).span)
  }

  /// Lends the scheme; do not let it escape.
  func scheme<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(rebasing: storage[Self.schemeStart..<valueStart - Self.lengthCount]).span)
  }

  /// Scheme and value as texts.
  var texts: (scheme: String, value: String) {
    (scheme { $0.text }, value { $0.text })
  }

  /// - Throws: `length` when scheme or value do not fit the length fields.
  private mutating func complete() throws(IndicatorRejection) {
    let schemeCount = valueStart - Self.lengthCount - Self.schemeStart
    guard let schemeLength = UInt8(exactly: schemeCount), let valueLength = UInt16(exactly: count) else {
      throw .tooLongForDigest
    }
    storage[Self.schemeStart - 1] = schemeLength
    storage[valueStart - 2] = UInt8(truncatingIfNeeded: valueLength >> 8)
    storage[valueStart - 1] = UInt8(truncatingIfNeeded: valueLength)
    isComplete = true
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * storage.count)
    larger.initialize(repeating: 0)
    for index in storage.indices { larger[index] = storage[index] }
    storage.deallocate()
    storage = larger
  }
}

extension CanonicalForm {
  /// An indicator that is known already.
  init(_ indicator: Indicator) {
    self.init()
    begin(indicator.type, normaliser: indicator.normaliser)
    beginScheme()
    append(indicator.scheme)
    endScheme()
    append(indicator.value)
    // An indicator's initialiser refuses what does not fit, so this never throws.
    try? complete()
  }
}
