"""First copy, bulk and single changes between two nodes, beside PostgreSQL logical replication of the same rows in the same run.

python3 Benchmarks/replication --binary .build/release/vaka [--rows 1000000] [--bulk 100000] [--rounds 3]
"""

import argparse
import json
import pathlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from nodes import IMPORT, Pair, write_list
from postgres import Postgres


def vaka_round(binary, rows, bulk, singles):
    figures = {}
    pair = Pair(binary)
    try:
        whole, more = pair.folder / "whole.csv", pair.folder / "more.csv"
        write_list(whole, 0, rows)
        write_list(more, rows, bulk)
        pair.start("se")
        pair.start("no")
        wait_for_links(pair)
        pair.stop("no")

        started = time.monotonic()
        pair.run("se", "indicator", "import", str(whole), *IMPORT)
        figures["import rows/s"] = rows / (time.monotonic() - started)
        pair.wait_until_held("se", rows)
        cpu = pair.cpu_seconds("se")

        pair.start("no")
        started = time.monotonic()
        pair.wait_until_held("no", rows)
        figures["first copy rows/s"] = rows / (time.monotonic() - started)
        figures["first copy CPU-us/row"] = (pair.cpu_seconds("se") - cpu + pair.cpu_seconds("no")) / rows * 1e6
        figures["bytes received/row"] = pair.received_bytes("no") / rows
        figures["memory MB, sender at most"] = pair.memory("se")[1] / 1e6
        figures["memory MB, receiver at most"] = pair.memory("no")[1] / 1e6
        ledger = pair.open_ledger("no")
        live = ledger.execute("SELECT live_bytes FROM coalitions WHERE coalition = 'se'").fetchone()[0]
        figures["live bytes/row"] = live / rows
        figures["disk, receiver, of live bytes"] = pair.disk("no") / live
        figures["disk, sender, of live bytes"] = pair.disk("se") / live

        started = time.monotonic()
        pair.run("se", "indicator", "import", str(more), *IMPORT)
        pair.wait_until_held("no", rows + bulk)
        figures["bulk rows/s"] = bulk / (time.monotonic() - started)

        figures["status ms"] = statistics.median(timed(pair.run, "se", "status", good=(0, 1)) for _ in range(15))
        figures["process start ms"] = statistics.median(timed(subprocess.run, [pair.binary, "--version"],
                                                              capture_output=True) for _ in range(15))
        times = sorted(single(pair, rows + bulk + number) for number in range(singles))
        figures["add, start to visible p50 ms"] = statistics.median(times)
        figures["add, start to visible p99 ms"] = times[int(len(times) * 0.99)]
        figures.update(sqlite_inserts(pair))
    finally:
        pair.end()
    return figures


def wait_for_links(pair):
    for _ in range(600):
        status = json.loads(pair.run("se", "status", "--json", good=(0, 1)))
        if all(peer["link"] == "open" for peer in status["peers"]) and status["node"]["running"]:
            return
        time.sleep(0.05)
    raise SystemExit("the nodes do not meet")


def timed(work, *arguments, **options):
    started = time.monotonic()
    work(*arguments, **options)
    return (time.monotonic() - started) * 1e3


def single(pair, held):
    """Milliseconds from the start of `vaka indicator add` to the row at the peer."""
    seen = []

    def watch():
        ledger = pair.open_ledger("no")
        while pair.held(ledger) <= held:
            time.sleep(0.0002)
        seen.append(time.monotonic())

    watcher = threading.Thread(target=watch)
    watcher.start()
    time.sleep(0.25)  # the pause between two heads
    started = time.monotonic()
    pair.run("se", "indicator", "add", "-", "--type", "merchant-id", "--reason", "sanctions-list", "--provenance",
             "open-source", given=f"499999|SINGLE{held:09d}\n")
    watcher.join()
    return (seen[0] - started) * 1e3


def sqlite_inserts(pair):
    """The same rows into a bare table: sorted by key, 100,000 a transaction, synced."""
    rows = sorted(pair.open_ledger("no").execute("SELECT key, salt, statement FROM statements").fetchall())
    path = pair.folder / "bare.sqlite"
    bare = sqlite3.connect(path, isolation_level=None)
    bare.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 50000;"
                       "CREATE TABLE statements (key BLOB PRIMARY KEY, salt BLOB, statement BLOB) WITHOUT ROWID")
    started = time.monotonic()
    for start in range(0, len(rows), 100_000):
        bare.execute("BEGIN")
        bare.executemany("INSERT INTO statements VALUES (?, ?, ?)", rows[start:start + 100_000])
        bare.execute("COMMIT")
    return {"bare SQLite inserts rows/s": len(rows) / (time.monotonic() - started)}


def copy_file(path, start, count, seed):
    source = random.Random(seed)
    last = ""
    with open(path, "w") as file:
        for _ in range(start, start + count):
            last = "01" + source.randbytes(32).hex()
            file.write(f"\\\\x{last}\t\\\\x{source.randbytes(16).hex()}\t\\\\x{source.randbytes(22).hex()}\n")
    path.chmod(0o644)
    return last


def postgres_round(rows, bulk, singles, seed):
    figures = {}
    postgres = Postgres()
    try:
        whole, more = postgres.folder / "whole", postgres.folder / "more"
        copy_file(whole, 0, rows, seed)
        last = copy_file(more, rows, bulk, seed + 1)
        postgres.load(whole)
        cpu = postgres.a.cpu_seconds() + postgres.b.cpu_seconds()
        started = time.monotonic()
        postgres.subscribe()
        postgres.wait_until_copied()
        figures["first copy rows/s"] = rows / (time.monotonic() - started)
        figures["first copy CPU-us/row"] = (postgres.a.cpu_seconds() + postgres.b.cpu_seconds() - cpu) / rows * 1e6
        figures["disk bytes/row"] = postgres.disk() / rows
        started = time.monotonic()
        postgres.load(more)
        postgres.wait_until_visible(last)
        figures["bulk rows/s"] = bulk / (time.monotonic() - started)
        times = []
        for number in range(singles):
            key = f"01{number:064x}"
            time.sleep(0.02)
            started = time.monotonic()
            postgres.a.ask(f"INSERT INTO statements VALUES ('\\x{key}', '\\x00', '\\x00')")
            postgres.wait_until_visible(key)
            times.append((time.monotonic() - started) * 1e3)
        times.sort()
        figures["add, start to visible p50 ms"] = statistics.median(times)
        figures["add, start to visible p99 ms"] = times[int(len(times) * 0.99)]
    finally:
        postgres.end()
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--bulk", type=int, default=100_000)
    parser.add_argument("--singles", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-postgres", action="store_true")
    given = parser.parse_args()
    binary = given.binary.resolve()
    rounds = {"vaka": [], "postgres": []}
    for number in range(given.rounds):
        rounds["vaka"].append(vaka_round(binary, given.rows, given.bulk, given.singles))
        print(f"round {number + 1}, vaka: {json.dumps(rounds['vaka'][-1])}", file=sys.stderr)
        if not given.without_postgres:
            rounds["postgres"].append(postgres_round(given.rows, given.bulk, given.singles, number))
            print(f"round {number + 1}, postgres: {json.dumps(rounds['postgres'][-1])}", file=sys.stderr)
    median = {
        who: {name: statistics.median(figures[name] for figures in several) for name in several[0]}
        for who, several in rounds.items() if several
    }
    print(f"{given.rows} rows, bulk of {given.bulk}, medians of {given.rounds} rounds")
    for name, value in median["vaka"].items():
        other = median.get("postgres", {}).get(name)
        beside = "" if other is None else f"   PostgreSQL {other:12.1f}   ratio {value / other:6.2f}"
        print(f"{name:34} {value:12.1f}{beside}")
    if "postgres" in median:
        print(f"{'disk bytes/row, PostgreSQL':34} {median['postgres']['disk bytes/row']:12.1f}")


if __name__ == "__main__":
    main()
