/// Latin letters as statements print them: upper case, without accents.
///
/// One system keeps `é` and the next writes `e`, so letters of the blocks Latin-1 and Latin Extended-A become their
/// base letters, ligatures and `ß` two, and combining accents (U+0300 to U+036F) go; then composed and decomposed text
/// are the same. The ordinals ª and º and full-width ASCII (U+FF01 to U+FF5E) become ASCII, as Unicode's form NFKC has
/// it. Nothing else is Latin here.
enum LatinLetters {
  /// The base letters from U+00C0 to U+017F, in order; `-` marks the two signs that are no letters, × and ÷.
  private static let base = """
    A A A A A A AE C E E E E I I I I D N O O O O O - O U U U U Y TH SS \
    A A A A A A AE C E E E E I I I I D N O O O O O - O U U U U Y TH Y \
    A A A A A A C C C C C C C C D D D D E E E E E E E E E E G G G G \
    G G G G H H H H I I I I I I I I I I IJ IJ J J K K K L L L L L L L \
    L L L N N N N N N N N N O O O O O O OE OE R R R R R R S S S S S S \
    S S T T T T T T U U U U U U U U U U U U W W Y Y Y Z Z Z Z Z Z S
    """.split(separator: " ").map { Array($0.utf8) }

  /// The bytes for a scalar: one space for white space, none for an accent or invisible mark, nil for what is not
  /// allowed.
  static func upperCase(_ scalar: Unicode.Scalar) -> [UInt8]? {
    switch scalar.value {
    case 0x21...0x7E:
      return [ASCII.upperCased(UInt8(truncatingIfNeeded: scalar.value))]
    case 0xFF01...0xFF5E:
      return [ASCII.upperCased(UInt8(truncatingIfNeeded: scalar.value - 0xFF01 + 0x21))]
    case 0xAA:
      return [UInt8(ascii: "A")]
    case 0xBA:
      return [UInt8(ascii: "O")]
    case 0xC0...0x17F:
      let letters = base[Int(scalar.value) - 0xC0]
      return letters == [UInt8(ascii: "-")] ? nil : letters
    case 0x300...0x36F, 0xAD, 0x200B, 0xFEFF:
      return []
    default:
      return scalar.properties.isWhitespace ? [UInt8(ascii: " ")] : nil
    }
  }
}
