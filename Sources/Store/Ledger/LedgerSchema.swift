internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Signing
internal import SwiftProtobuf
internal import Wire

extension StoreFile {
  /// The ledger: positions, heads with their deltas, receipts, records, and what waits to be signed.
  static var ledger: StoreFile {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 ledger") { database in
      try database.execute(
        sql: """
          CREATE TABLE coalitions (
            id INTEGER PRIMARY KEY,
            coalition TEXT NOT NULL UNIQUE,
            epoch INTEGER, head_index INTEGER, head_hash BLOB,
            signed_at INTEGER NOT NULL, roster INTEGER NOT NULL, record INTEGER NOT NULL,
            lanes BLOB NOT NULL, statements INTEGER NOT NULL, live_bytes INTEGER NOT NULL,
            history_size INTEGER NOT NULL, history_peaks BLOB NOT NULL,
            hold TEXT
          ) STRICT;
          -- prefix: the first 8 bytes of the digest; an index on 8 bytes is half the work of one on all 32
          CREATE TABLE statements (
            id INTEGER PRIMARY KEY,
            coalition INTEGER NOT NULL,
            prefix INTEGER NOT NULL,
            key BLOB NOT NULL, salt BLOB NOT NULL, statement BLOB NOT NULL,
            quarantine TEXT
          ) STRICT;
          CREATE INDEX statements_by_prefix ON statements (prefix);
          CREATE TABLE heads (
            id INTEGER PRIMARY KEY,
            coalition INTEGER NOT NULL, epoch INTEGER NOT NULL, head_index INTEGER NOT NULL,
            hash BLOB NOT NULL, changes INTEGER NOT NULL, head BLOB, delta BLOB,
            UNIQUE (coalition, epoch, head_index)
          ) STRICT;
          CREATE TABLE receipts (
            coalition TEXT PRIMARY KEY, receipt BLOB NOT NULL, first_seen INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE records (
            coalition TEXT NOT NULL, number INTEGER NOT NULL, record BLOB NOT NULL,
            PRIMARY KEY (coalition, number)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE queue (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL, statement BLOB
          ) STRICT;
          CREATE INDEX queue_by_key ON queue (key);
          CREATE TABLE prepared (
            id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL, delta BLOB NOT NULL, through INTEGER NOT NULL
          ) STRICT;
          CREATE TABLE peers (
            coalition TEXT PRIMARY KEY, paused INTEGER NOT NULL DEFAULT 0, heard_at INTEGER
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2 copies") { database in
      try database.execute(
        sql: """
          -- A set of rows has a number of its own, so that a copy is taken beside the position and put in force at once.
          ALTER TABLE coalitions ADD COLUMN rowset INTEGER NOT NULL DEFAULT 0;
          UPDATE coalitions SET rowset = id;
          ALTER TABLE statements RENAME COLUMN coalition TO rowset;
          -- SQLite's integers are signed: with the top bit turned, their order is the order of the digests.
          UPDATE statements SET prefix =
            CASE WHEN prefix >= 0 THEN prefix - 9223372036854775807 - 1 ELSE prefix + 9223372036854775807 + 1 END;
          DROP INDEX statements_by_prefix;
          CREATE INDEX statements_by_prefix ON statements (prefix, rowset);
          CREATE INDEX statements_set_aside ON statements (rowset) WHERE quarantine IS NOT NULL;
          ALTER TABLE heads ADD COLUMN delta_bytes INTEGER;
          ALTER TABLE heads ADD COLUMN signed_at INTEGER;
          UPDATE heads SET delta_bytes = length(delta) WHERE delta IS NOT NULL;
          CREATE INDEX heads_kept ON heads (coalition, epoch, head_index, delta_bytes, signed_at)
            WHERE delta IS NOT NULL;
          CREATE TABLE copies (
            coalition INTEGER PRIMARY KEY, rowset INTEGER NOT NULL UNIQUE,
            phase TEXT NOT NULL, base BLOB, target BLOB, last_key BLOB, pending BLOB,
            next_epoch INTEGER NOT NULL, next_index INTEGER NOT NULL, end_head BLOB,
            lanes BLOB NOT NULL, statements INTEGER NOT NULL, live_bytes INTEGER NOT NULL,
            taken_bytes INTEGER NOT NULL, repairs INTEGER NOT NULL,
            history_size INTEGER NOT NULL, history_peaks BLOB NOT NULL
          ) STRICT;
          CREATE TABLE copied_history (
            coalition INTEGER NOT NULL, epoch INTEGER NOT NULL, head_index INTEGER NOT NULL, hash BLOB NOT NULL,
            PRIMARY KEY (coalition, epoch, head_index)
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("3 heads prepared together") { database in
      try database.execute(
        sql: """
          ALTER TABLE prepared RENAME TO prepared_1;
          CREATE TABLE prepared (
            id INTEGER PRIMARY KEY, body BLOB NOT NULL, delta BLOB NOT NULL, through INTEGER NOT NULL
          ) STRICT;
          INSERT INTO prepared SELECT id, body, delta, through FROM prepared_1;
          DROP TABLE prepared_1;
          """)
    }
    migrator.registerMigration("4 fork proofs") { database in
      try database.execute(
        sql: """
          -- The earliest proof of each epoch that its key signed two histories.
          CREATE TABLE fork_proofs (
            coalition TEXT NOT NULL, epoch INTEGER NOT NULL, proof BLOB NOT NULL, PRIMARY KEY (coalition, epoch)
          ) STRICT, WITHOUT ROWID;
          -- What changed of each position within the last hour, and since when the breaker holds it.
          CREATE TABLE change_windows (
            coalition TEXT PRIMARY KEY, started_at INTEGER NOT NULL, statements INTEGER NOT NULL,
            changed INTEGER NOT NULL, tripped_at INTEGER, passes_until INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;
          -- Rows that a held head would take away: they stay, and count for no ceiling.
          CREATE TABLE held_removals (
            coalition TEXT NOT NULL, key BLOB NOT NULL, PRIMARY KEY (coalition, key)
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("5 erasures") { database in
      try database.execute(
        sql: """
          -- Which head erases, never what: a key must not outlive its statement here.
          CREATE TABLE erasures (
            id INTEGER PRIMARY KEY AUTOINCREMENT, step TEXT NOT NULL, through INTEGER NOT NULL,
            epoch INTEGER NOT NULL, head_index INTEGER NOT NULL, at INTEGER NOT NULL
          ) STRICT;
          CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("6 records by hash") { database in
      // Two records of one number are kept, if a roster or proposals name both; which of them counts is for the rosters to say.
      try database.execute(
        sql: """
          ALTER TABLE records RENAME TO records_1;
          CREATE TABLE records (
            coalition TEXT NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, record BLOB NOT NULL,
            PRIMARY KEY (coalition, number, hash)
          ) STRICT, WITHOUT ROWID;
          """)
      for row in try GRDB.Row.fetchAll(database, sql: "SELECT coalition, number, record FROM records_1") {
        guard let wire = try? WireSigned(serializedBytes: row["record"] as Data) else { continue }
        try database.execute(
          sql: "INSERT INTO records (coalition, number, hash, record) VALUES (?, ?, ?, ?)",
          arguments: [
            row["coalition"] as String, row["number"] as Int64,
            Data(SignedObject(type: .record, wire: wire).hash.bytes), row["record"] as Data,
          ])
      }
      try database.execute(sql: "DROP TABLE records_1")
    }
    migrator.registerMigration("7 hash keys") { try LedgerSchema.addHashKeys(to: $0) }
    migrator.registerMigration("8 record watches") { database in
      try database.execute(
        sql: """
          -- How fast a coalition's member records come, and since when later ones are held.
          CREATE TABLE record_watches (
            coalition TEXT PRIMARY KEY, whole_at INTEGER, arrivals BLOB NOT NULL, held_at INTEGER,
            held_number INTEGER NOT NULL, passes_until INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("9 deletion in steps") { database in
      try database.execute(
        sql: """
          -- Sets of rows, and numbers of coalitions whose heads, nothing refers to any more, and how far they are deleted.
          CREATE TABLE discarded (
            id INTEGER PRIMARY KEY, rowset INTEGER, coalition INTEGER, after_id INTEGER NOT NULL DEFAULT 0
          ) STRICT;
          """)
    }
    migrator.registerMigration("10 heads by the keys of their epochs alone") { database in
      try database.execute(sql: "ALTER TABLE coalitions DROP COLUMN record")
    }
    return StoreFile(applicationID: 0x5641_4B41, noun: "ledger", migrator: migrator)
  }

  /// The vault: our own listings in the clear, encrypted.
  static var vault: StoreFile {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 vault") { database in
      try database.execute(
        sql: """
          CREATE TABLE items (key BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2 appended") { database in
      // As in the ledger: a row is appended, and only 18 bytes of it go to a random place.
      try database.execute(
        sql: """
          ALTER TABLE items RENAME TO items_1;
          CREATE TABLE items (
            id INTEGER PRIMARY KEY, prefix INTEGER NOT NULL, key BLOB NOT NULL, sealed BLOB NOT NULL
          ) STRICT;
          """)
      for row in try GRDB.Row.fetchAll(database, sql: "SELECT key, sealed FROM items_1 ORDER BY key") {
        guard let key = StatementKey(row["key"] as Data) else { continue }
        try database.execute(
          sql: "INSERT INTO items (prefix, key, sealed) VALUES (?, ?, ?)",
          arguments: [LedgerView.prefix(of: key), row["key"] as Data, row["sealed"] as Data])
      }
      try database.execute(sql: "DROP TABLE items_1; CREATE INDEX items_by_prefix ON items (prefix)")
    }
    return StoreFile(applicationID: 0x5641_4B56, noun: "vault", migrator: migrator)
  }
}
