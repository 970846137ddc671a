internal import GRDB

extension StoreFile {
  /// Who did what on this node, each entry hashed over the one before. Local; no peer sees it.
  static var audit: StoreFile {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 audit") { database in
      try database.execute(
        sql: """
          CREATE TABLE entries (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, line TEXT NOT NULL, hash BLOB NOT NULL
          ) STRICT;
          -- Apart from the entries, so that a name can be forgotten; an entry holds a salted hash over its names.
          CREATE TABLE names (
            entry INTEGER NOT NULL, place INTEGER NOT NULL, salt BLOB, reference TEXT, hash BLOB NOT NULL,
            PRIMARY KEY (entry, place)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX names_by_reference ON names (reference) WHERE reference IS NOT NULL;
          CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
          CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), line TEXT NOT NULL) STRICT;
          """)
    }
    return StoreFile(applicationID: 0x5641_4B41, noun: "audit log", migrator: migrator)
  }
}
