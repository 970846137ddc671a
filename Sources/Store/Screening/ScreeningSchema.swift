internal import GRDB

extension StoreFile {
  /// What was screened here and what came of it: hits, digests that are remembered, lists made for members. Local; no peer sees it.
  static var screening: StoreFile {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 screening") { database in
      try database.execute(
        sql: """
          CREATE TABLE screenings (
            id INTEGER PRIMARY KEY AUTOINCREMENT, started_at INTEGER NOT NULL, source TEXT NOT NULL,
            columns TEXT NOT NULL, identifiers INTEGER NOT NULL DEFAULT 0, remember_until INTEGER
          ) STRICT;
          CREATE TABLE matches (
            id INTEGER PRIMARY KEY AUTOINCREMENT, screening INTEGER NOT NULL, line INTEGER NOT NULL,
            place INTEGER NOT NULL, digest BLOB NOT NULL, found_at INTEGER NOT NULL, verdict TEXT NOT NULL,
            ceiling TEXT NOT NULL, late INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0,
            UNIQUE (screening, line, place)
          ) STRICT;
          CREATE INDEX matches_unseen ON matches (id) WHERE late AND NOT seen;
          CREATE INDEX matches_by_time ON matches (found_at);
          -- Sixteen bytes of each digest, as two integers in the order of the digests: all that a later listing is compared with.
          CREATE TABLE remembered (
            prefix INTEGER NOT NULL, rest INTEGER NOT NULL, screening INTEGER NOT NULL, line INTEGER NOT NULL,
            place INTEGER NOT NULL, PRIMARY KEY (prefix, rest, screening, line, place)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE holds (
            digest BLOB PRIMARY KEY, rows INTEGER NOT NULL, screened INTEGER NOT NULL, since INTEGER NOT NULL,
            released_at INTEGER
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE exports (
            id INTEGER PRIMARY KEY AUTOINCREMENT, made_at INTEGER NOT NULL, member TEXT NOT NULL,
            card TEXT NOT NULL, entries INTEGER NOT NULL, hash TEXT NOT NULL
          ) STRICT;
          CREATE TABLE marks (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
          """)
    }
    return StoreFile(applicationID: 0x5641_4B53, noun: "screening log", migrator: migrator)
  }
}
