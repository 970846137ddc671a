public import Alliance
internal import RepositoryFiles
public import Signing
internal import SwiftProtobuf
internal import Wire

/// Signed objects and the alliance that the vectors of another implementation speak of.
public enum SignedVector {
  /// An encoded `Signed`, in hexadecimal.
  public static func object(_ hexadecimal: String, _ type: SignedType) throws -> SignedObject {
    guard let bytes = Hexadecimal.decode(hexadecimal) else {
      throw Problem("vector-unreadable", "the vector is not hexadecimal")
    }
    return SignedObject(type: type, wire: try WireSigned(serializedBytes: bytes))
  }

  /// The alliance of a vector file's complete alliance file.
  public static func membership(named file: String) throws -> Membership {
    struct Vectors: Decodable {
      let complete: String
    }
    let text = try RepositoryFiles.vectors(file, as: Vectors.self).complete
    return try Membership(AllianceFile.read(text: text, file: file).0)
  }
}
