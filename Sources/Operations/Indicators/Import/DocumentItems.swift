internal import Formats
internal import Indicators
internal import Wire

/// The items of a STIX bundle or of MISP events.
struct DocumentItems {
  private let source: ImportSource

  init(_ source: ImportSource) { self.source = source }

  /// - Parameter bytes: the whole document.
  func read(
    _ bytes: [UInt8], _ body: (ImportedItem) throws -> Void
  ) throws -> (form: ImportForm, encoding: TextEncoding?) {
    var decoder = TextDecoder(source.chosenEncoding)
    var text = decoder.feed(bytes)
    text += decoder.finish()
    let form: DocumentForm?
    switch source.form {
    case .stix: form = .stix
    case .misp: form = .misp
    case .csv, nil: form = nil
    }
    let found: (form: DocumentForm, items: [DocumentItem])
    do {
      found = try DocumentForm.items(of: text, as: form, includesContext: source.includesContext)
    } catch {
      throw Problem(error, source)
    }
    for item in found.items { try body(imported(item)) }
    return (found.form == .stix ? .stix : .misp, decoder.encoding)
  }

  private func imported(_ item: DocumentItem) -> ImportedItem {
    switch item {
    case .refused(let refusal):
      return .rejected(.object(refusal.object), type: "", code: refusal.code, reason: refusal.reason)
    case .leftOut(let refusal):
      return .leftOut(.object(refusal.object), code: refusal.code, reason: refusal.reason)
    case .found(let found):
      let place = ImportPlace.object(found.object)
      guard let type = IndicatorType(name: found.typeName), IndicatorType.supported.contains(type) else {
        // The name is the document's, so it is not repeated.
        return .rejected(
          place, type: "", code: IndicatorRejection.Code.unsupportedType.rawValue,
          reason: "It is of a type that there is not here.")
      }
      guard found.lacksWallet else {
        return .found(FoundItem(place: place, type: type, text: found.text, fields: found.fields))
      }
      let wallet = type == .emailWallet ? source.emailWallet : source.phoneWallet
      guard let wallet else {
        let option = type == .emailWallet ? "--email-wallet paypal" : "--phone-wallet swish"
        return .rejected(
          place, type: type.name, code: "wallet-not-named",
          reason: "It is paid in a wallet that the document does not name; name it, such as \(option).")
      }
      return .found(FoundItem(place: place, type: type, text: "\(wallet)|\(found.text)", fields: found.fields))
    }
  }
}
