extension CallingCodes {
  /// By the code itself, which has at most three digits.
  private static let table: [UInt32] = {
    var table = [UInt32](repeating: 0, count: 1_000)
    for (code, bits) in lengths where table.indices.contains(code) { table[code] = bits }
    return table
  }()

  /// The lengths that a number may have after a code, a set bit for each; none for what is no code.
  static func lengths(after code: Int) -> UInt32 { table.indices.contains(code) ? table[code] : 0 }
}
