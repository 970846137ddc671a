extension MemberAuthority {
  /// What the member itself says in its record; the record must be the one in effect.
  public init(_ record: MemberRecord) {
    self.init(
      coalition: record.coalition, trustDomain: record.trustDomain, authorities: record.authorities,
      revokedSerials: record.revokedSerials)
  }
}
