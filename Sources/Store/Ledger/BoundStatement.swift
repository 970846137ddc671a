internal import GRDB
internal import GRDBSQLite

/// A statement of SQLite used many times over in a row: bytes are bound and read without a copy between, where GRDB's own
/// way makes several. For the paths that see every row of a position.
struct BoundStatement {
  private let statement: Statement
  private let handle: OpaquePointer

  init(_ database: Database, _ sql: String) throws {
    statement = try database.cachedStatement(sql: sql)
    handle = statement.sqliteStatement
    sqlite3_reset(handle)
  }

  func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

  func bindNull(at index: Int32) { sqlite3_bind_null(handle, index) }

  /// SQLite makes its own copy.
  func bind(_ text: String, at index: Int32) {
    sqlite3_bind_text(handle, index, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
  }

  /// Binds bytes that must stay where they are until `run` returns.
  func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32) {
    // An empty blob needs an address too, or it would be NULL.
    if let base = bytes.baseAddress, !bytes.isEmpty {
      sqlite3_bind_blob(handle, index, base, Int32(bytes.count), nil)
    } else {
      sqlite3_bind_zeroblob(handle, index, 0)
    }
  }

  /// Runs a statement that gives no rows.
  func run() throws {
    defer { sqlite3_reset(handle) }
    guard sqlite3_step(handle) == SQLITE_DONE else { throw failure }
  }

  /// Goes to the next row; false after the last, when the statement can be used again.
  func next() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    default:
      defer { sqlite3_reset(handle) }
      throw failure
    }
  }

  /// Ends a reading before its last row.
  func end() { sqlite3_reset(handle) }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func bytes(_ column: Int32) -> [UInt8] {
    let count = Int(sqlite3_column_bytes(handle, column))
    guard count > 0, let base = sqlite3_column_blob(handle, column) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: base, count: count))
  }

  private var failure: DatabaseError {
    let connection = sqlite3_db_handle(handle)
    return DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: String(cString: sqlite3_errmsg(connection)))
  }
}
