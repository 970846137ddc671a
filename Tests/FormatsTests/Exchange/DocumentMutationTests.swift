import Foundation
import RepositoryFiles
import Seeded
import Testing

@testable import Formats

/// Whatever the bytes are, a document is read or refused with a code; nothing traps.
@Suite struct DocumentMutationTests {
  private static let samples = ["indicators.stix.json", "event.misp.json"]

  private func bytes(_ sample: String) throws -> [UInt8] {
    Array(try Data(contentsOf: RepositoryFiles.folder.appending(path: "Samples/exchange/\(sample)")))
  }

  @Test(arguments: samples, 0..<4)
  func mutatedSamples(_ sample: String, _ seed: UInt64) throws {
    let original = try bytes(sample)
    var random = SeededRandom(seed: seed)
    for round in 0..<30 {
      var bytes = original
      for _ in 0...Int.random(in: 0...8, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(Array("[]{}\"':,\\0ue-".utf8).randomElement(using: &random) ?? 0, at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
        default: bytes.removeSubrange(place..<min(place + 30, bytes.count))
        }
      }
      let codes = Set(DocumentProblem.Code.allCases.map(\.rawValue))
      for form in [nil, DocumentForm.stix, .misp] {
        do {
          let items = try DocumentForm.items(of: bytes, as: form, includesContext: true).items
          #expect(items.count < 200)
        } catch {
          #expect(codes.contains(error.code), "seed \(seed), round \(round)")
        }
      }
    }
  }

  @Test func limits() {
    let deep = Array((String(repeating: "[", count: 1_000_000) + String(repeating: "]", count: 1_000_000)).utf8)
    #expect { try DocumentForm.items(of: deep, as: nil, includesContext: false) } throws: {
      ($0 as? DocumentProblem)?.code == "document-too-deep"
    }
    let text = Array(#"{"type": "bundle", "objects": [{"type": "\#(String(repeating: "[", count: 1_000))"}]}"#.utf8)
    #expect(throws: Never.self) { try DocumentForm.items(of: text, as: nil, includesContext: false) }
    let full = Array("[\(String(repeating: "{},", count: JSONShape.objectLimit + 1))0]".utf8)
    #expect { try DocumentForm.items(of: full, as: nil, includesContext: false) } throws: {
      ($0 as? DocumentProblem)?.code == "document-too-large"
    }
    let large = [UInt8](repeating: 0x20, count: DocumentForm.byteLimit + 1)
    #expect { try DocumentForm.items(of: large, as: nil, includesContext: false) } throws: {
      ($0 as? DocumentProblem)?.code == "document-too-large"
    }
    #expect { try DocumentForm.items(of: Array("{}".utf8), as: nil, includesContext: false) } throws: {
      ($0 as? DocumentProblem)?.code == "document-unknown-form"
    }
    #expect { try DocumentForm.items(of: Array("{".utf8), as: nil, includesContext: false) } throws: {
      ($0 as? DocumentProblem)?.code == "document-malformed"
    }
  }
}
