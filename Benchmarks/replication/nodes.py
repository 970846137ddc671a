"""Two nodes of the real binary on loopback, in a temporary folder, driven as an operator drives them."""

import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

IMPORT = ["--map", "merchant-id=acquirer+acceptor", "--reason", "sanctions-list", "--provenance", "open-source"]
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Pair:
    """`se` lists, `no` copies."""

    def __init__(self, binary):
        self.binary = str(binary)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vaka-bench-"))
        self.processes = {}
        self.health_ports = {}
        (self.folder / "passphrase").write_text("a long benchmark passphrase\n")
        passphrase = ["--passphrase-file", str(self.folder / "passphrase")]
        for coalition in ("se", "no"):
            self.run(coalition, "init", coalition, "--name", f"Bench {coalition}", "--endpoint",
                     f"127.0.0.1:{free_port()}", "--listen-host", "127.0.0.1", *passphrase)
            (self.folder / f"{coalition}.card").write_text(self.run(coalition, "alliance", "card"))
        cards = [str(self.folder / f"{coalition}.card") for coalition in ("se", "no")]
        file = self.folder / "alliance"
        file.write_text(self.run("se", "alliance", "found", "Bench", *cards, "--purpose", "exercise", *passphrase))
        fingerprint = json.loads(self.run("se", "alliance", "show", "--json"))["fingerprint"]
        for coalition in ("no", "se"):
            self.run(coalition, "alliance", "join", str(file), "--yes", "--expect", fingerprint, *passphrase)

    def home(self, coalition):
        return self.folder / coalition

    def run(self, coalition, *arguments, given=None, good=(0,)):
        command = [self.binary, *arguments, "--home", str(self.home(coalition))]
        done = subprocess.run(command, capture_output=True, text=True, input=given)
        if done.returncode not in good:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def start(self, coalition):
        log = open(self.folder / f"{coalition}.log", "a")
        port = self.health_ports[coalition] = free_port()
        self.processes[coalition] = subprocess.Popen(
            [self.binary, "serve", "--home", str(self.home(coalition)), "--health-listen", f"127.0.0.1:{port}"],
            stderr=log, stdin=subprocess.DEVNULL)

    def received_bytes(self, coalition):
        """Bytes of all answers that a node has read from its peers: HTTP bodies, inside TLS."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.health_ports[coalition]}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("vaka_peer_received_bytes_total{"))

    def stop(self, coalition):
        process = self.processes.pop(coalition)
        process.send_signal(signal.SIGTERM)
        process.wait()

    def open_ledger(self, coalition):
        path = self.home(coalition) / "ledger.sqlite"
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)

    def held(self, ledger, coalition="se"):
        """Statements of a coalition that are in force."""
        row = ledger.execute("SELECT statements FROM coalitions WHERE coalition = ?", (coalition,)).fetchone()
        return row[0] if row else 0

    def wait_until_held(self, coalition, count, seconds=600):
        ledger = self.open_ledger(coalition)
        deadline = time.monotonic() + seconds
        while self.held(ledger) != count:
            if time.monotonic() > deadline:
                raise SystemExit(f"{coalition} holds {self.held(ledger)} of {count} after {seconds} s")
            time.sleep(0.002)

    def cpu_seconds(self, coalition):
        fields = pathlib.Path(f"/proc/{self.processes[coalition].pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    def memory(self, coalition):
        """Resident now and at most, in bytes."""
        lines = pathlib.Path(f"/proc/{self.processes[coalition].pid}/status").read_text().splitlines()
        values = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
        return int(values["VmRSS"]) * 1024, int(values["VmHWM"]) * 1024

    def disk(self, coalition):
        return sum(file.stat().st_size for file in self.home(coalition).glob("ledger.sqlite*"))

    def end(self):
        for coalition in list(self.processes):
            self.processes.pop(coalition).kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def write_list(path, start, count):
    """Merchant ids, all different: no check digits to work out, so that the file is made quickly."""
    with open(path, "w") as file:
        file.write("acquirer,acceptor\n")
        for number in range(start, start + count):
            file.write(f"{400000 + number % 97},SHOP{number:011d}\n")
