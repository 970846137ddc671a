"""How long a coalition's listings take to move to a new hash key, and until a peer holds all of them moved.

Two real nodes on loopback; one imports, both decide on a roster with a second key, and then everything goes by itself.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

COALITIONS = ["se", "no"]
LIMIT = 900


class Bench:
    def __init__(self, vaka, folder):
        self.vaka, self.folder, self.nodes = vaka, folder, {}
        self.sign = ["--yes", "--passphrase-file", self.path("passphrase")]

    def path(self, name):
        return str(self.folder / name)

    def run(self, coalition, *arguments, refused=False):
        command = [self.vaka, *arguments, "--home", self.path(coalition)]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode not in (0, 1) and not refused:
            raise SystemExit(f"{' '.join(arguments)}: {ended.stderr}")
        return ended

    def found(self, port):
        (self.folder / "passphrase").write_text("a long test passphrase\n")
        for number, coalition in enumerate(COALITIONS):
            self.run(
                coalition, "init", coalition, "--name", f"Demo {coalition}", "--endpoint", f"127.0.0.1:{port + number}",
                "--listen-host", "127.0.0.1", "--health-listen", f"127.0.0.1:{port + 10 + number}",
                "--passphrase-file", self.path("passphrase"))
            (self.folder / f"{coalition}.card").write_text(self.run(coalition, "alliance", "card").stdout)
        cards = [self.path(f"{coalition}.card") for coalition in COALITIONS]
        file = self.run(
            "se", "alliance", "found", "Bench", *cards, "--purpose", "exercise", "--passphrase-file",
            self.path("passphrase"))
        (self.folder / "alliance").write_text(file.stdout)
        fingerprint = json.loads(self.run("se", "alliance", "show", "--json").stdout)["fingerprint"]
        for coalition in ["no", "se", "no"]:
            self.run(coalition, "alliance", "join", self.path("alliance"), "--expect", fingerprint, *self.sign)

    def start(self):
        for coalition in COALITIONS:
            log = open(self.path(f"{coalition}.log"), "w")
            self.nodes[coalition] = subprocess.Popen(
                [self.vaka, "serve", "--home", self.path(coalition)], stderr=log, stdin=subprocess.DEVNULL)

    def stop(self):
        for node in self.nodes.values():
            node.send_signal(signal.SIGTERM)
            node.wait()

    def status(self, coalition):
        text = self.run(coalition, "status", "--json", refused=True).stdout
        return json.loads(text) if text else {}

    def listings(self, coalition, key):
        for position in self.status(coalition).get("positions", []):
            if position["coalition"] == "se":
                return {one["key-epoch"]: one["listings"] for one in position["listings-by-key"]}.get(key, 0)
        return 0

    def processor(self, coalition):
        fields = pathlib.Path(f"/proc/{self.nodes[coalition].pid}/stat").read_text().split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def wait(what, condition):
    end = time.time() + LIMIT
    while not condition():
        if time.time() > end:
            raise SystemExit(f"waited {LIMIT} s for {what}")
        time.sleep(0.02)


def measure(bench, rows):
    wait("se to sign", lambda: bench.status("se").get("signing", {}).get("state") == "ready")
    table = bench.folder / "list.csv"
    table.write_text("merchant-id\n" + "".join(f"1|M{number:07d}\n" for number in range(rows)))
    bench.run("se", "indicator", "import", str(table), "--reason", "sanctions-list", "--provenance", "open-source")
    wait("no to hold all", lambda: bench.listings("no", 1) == rows)
    change = ["alliance", "propose", "--hash-key", *bench.sign]
    proposer = next(one for one in COALITIONS if bench.run(one, *change, refused=True).returncode == 0)
    other = next(one for one in COALITIONS if one != proposer)
    approve = ["alliance", "approve", "2", *bench.sign]
    wait("the vote", lambda: bench.run(other, *approve, refused=True).returncode == 0)
    started, before = time.time(), {one: bench.processor(one) for one in COALITIONS}
    wait("se to move", lambda: bench.listings("se", 2) == rows)
    moved = time.time() - started
    wait("no to hold all of it", lambda: bench.listings("no", 2) == rows)
    held = time.time() - started
    used = {one: bench.processor(one) - before[one] for one in COALITIONS}
    print(
        f"{rows} listings: moved in {moved:.1f} s, all at the peer after {held:.1f} s; processor "
        f"{used['se'] * 1e6 / rows:.0f} and {used['no'] * 1e6 / rows:.0f} microseconds a listing")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the binary")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--port", type=int, default=27_473)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vaka-bench-") as folder:
        bench = Bench(options.binary, pathlib.Path(folder))
        bench.found(options.port)
        bench.start()
        try:
            measure(bench, options.rows)
        finally:
            bench.stop()


if __name__ == "__main__":
    main()
