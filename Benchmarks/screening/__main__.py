"""Screening of a table by the real command and a real node's home, beside DuckDB, a Python set and Redis in the same run.

python3 Benchmarks/screening --binary .build/release/vaka [--rows 5000000] [--indicators 1000000] [--rounds 3]

DuckDB comes from PyPI (duckdb); what is not installed is left out, with a word about it. Every answer is compared on all rows with a
plain reading that knows no digest.
"""

import argparse
import csv
import importlib.util
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "replication"))

import rivals
import tables
from nodes import Pair

KINDS = {"one identifier": ["merchant-id"], "two identifiers": ["merchant-id", "iban"]}
MAPS = {"merchant-id": "merchant-id=acquirer+acceptor", "iban": "iban=account"}
IMPORT = ["--reason", "sanctions-list", "--provenance", "open-source"]


class Vaka:
    """The command as it is run: its start, and the reading of the index, are in the time."""

    name, is_slow, keeps_order = "Vaka", False, True

    def __init__(self, binary, list_path, indicators):
        self.pair = Pair(binary)
        self.memory = 0
        # A node lists only once it has heard its peer.
        self.pair.start("se")
        self.pair.start("no")
        maps = [part for value in MAPS.values() for part in ("--map", value)]
        self.wait_until_running()
        self.pair.run("se", "indicator", "import", str(list_path), *maps, *IMPORT)
        self.pair.wait_until_held("se", indicators)
        self.pair.stop("se")
        self.pair.stop("no")

    def wait_until_running(self):
        for _ in range(600):
            if json.loads(self.pair.run("se", "status", "--json", good=(0, 1)))["node"]["running"]:
                return
            time.sleep(0.05)
        raise SystemExit("the node does not start")

    def screen(self, payments, kinds):
        hits = self.pair.folder / "hits.csv"
        hits.unlink(missing_ok=True)
        command = [self.pair.binary, "screen", str(payments), "--hits", str(hits), "--home", str(self.pair.home("se"))]
        command += [part for kind in kinds for part in ("--map", MAPS[kind])]
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        watch = threading.Thread(target=self.watch, args=[process])
        watch.start()
        if process.wait() != 0:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        seconds = time.monotonic() - started
        watch.join()
        with open(hits, newline="") as file:
            found = [(int(row["row"]) - 2, row["type"]) for row in csv.DictReader(file)]
        return seconds, found

    def watch(self, process):
        """What the process has had resident at most; its usage at the end would count what this program had when it was forked."""
        status = pathlib.Path(f"/proc/{process.pid}/status")
        while process.returncode is None:
            try:
                lines = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
            except (FileNotFoundError, ProcessLookupError):
                return
            self.memory = max([self.memory] + [int(line.split()[1]) * 1024 for line in lines])
            time.sleep(0.02)

    def single_values(self, hits, misses):
        """Milliseconds from a line in to its line out, of hits and of misses, with the node running."""
        self.pair.start("se")
        self.wait_until_running()
        command = [self.pair.binary, "screen", "--values", "--type", "iban", "--home", str(self.pair.home("se"))]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def ask(value):
            started = time.perf_counter()
            process.stdin.write(value + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            return 1000 * (time.perf_counter() - started), "hit" in answer

        ask(misses[0])
        taken = [[ask(value) for value in values] for values in (hits, misses)]
        process.stdin.close()
        process.wait()
        self.pair.stop("se")
        if not all(hit for _, hit in taken[0]) or any(hit for _, hit in taken[1]):
            raise SystemExit("Vaka: a single value is answered wrongly")
        return [sorted(milliseconds for milliseconds, _ in values) for values in taken]

    def end(self):
        self.pair.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--indicators", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow-rounds", type=int, default=1, help="rounds of Python and Redis, which take long")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    folder = pathlib.Path(tempfile.mkdtemp(prefix="vaka-screening-"))
    contestants = []
    try:
        listed = folder / "list.csv"
        tables.write_list(listed, arguments.indicators)
        vaka = Vaka(arguments.binary, listed, arguments.indicators)
        contestants.append(vaka)
        for rival in available():
            contestants.append(rival(folder, listed))
        for title, kinds in KINDS.items():
            payments = folder / "payments.csv"
            tables.write_payments(payments, arguments.rows, arguments.indicators, len(kinds) > 1, arguments.seed)
            measure(title, kinds, payments, tables.plain_hits(listed, payments), contestants, arguments)
        with open(listed, newline="") as file:
            known = [row["account"] for row, _ in zip(csv.DictReader(file), range(500))]
        unknown = [tables.iban(10 * arguments.indicators + number) for number in range(2_000)]
        for title, taken in zip(("hits", "misses"), vaka.single_values(known, unknown)):
            worst = taken[len(taken) * 99 // 100]
            print(f"single values, {title}: median {statistics.median(taken):.2f} ms, 99 of 100 within {worst:.2f} ms")
        print(f"memory of Vaka at most: {vaka.memory / 1e6:.0f} MB")
    finally:
        for contestant in contestants:
            contestant.end()
        shutil.rmtree(folder, ignore_errors=True)


def available():
    if importlib.util.find_spec("duckdb"):
        yield rivals.DuckDB
        yield rivals.DuckDBOnce
    else:
        print("DuckDB is not measured: python -m pip install duckdb")
    yield rivals.PythonSet
    if rivals.Redis.installed():
        yield rivals.Redis
    else:
        print("Redis is not measured: apt-get install redis-server")


def measure(title, kinds, payments, expected, contestants, arguments):
    size = payments.stat().st_size
    print(f"{title}: {arguments.rows:,} rows, {size / 1e6:.0f} MB, {len(expected):,} hits", flush=True)
    seconds = {contestant.name: [] for contestant in contestants}
    for round_number in range(arguments.rounds):
        # In turns, so that what else the machine does meets all of them.
        for contestant in contestants:
            if contestant.is_slow and round_number >= arguments.slow_rounds:
                continue
            taken, hits = contestant.screen(payments, kinds)
            if contestant.keeps_order and hits != expected:
                raise SystemExit(f"{contestant.name}: hits differ from the plain reading, or their order does")
            if sorted(hits) != sorted(expected):
                raise SystemExit(f"{contestant.name}: hits differ from the plain reading")
            seconds[contestant.name].append(taken)
    ours = statistics.median(seconds[contestants[0].name])
    for name, taken in seconds.items():
        if not taken:
            continue
        median = statistics.median(taken)
        print(f"  {name:18} {median:7.2f} s  {arguments.rows * len(kinds) / median:12,.0f} identifiers/s"
              f"  {median / ours:6.2f} of Vaka's time  ({', '.join(f'{second:.2f}' for second in taken)})", flush=True)


if __name__ == "__main__":
    main()
