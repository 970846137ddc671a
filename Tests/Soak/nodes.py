"""The nodes of a soak: founded with the real commands, started, killed and asked as their operators would."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading

import machine

# Enough for a node's doctor to find nothing broken while it is empty.
SMALL_DISK_MIB = 160
COMMAND_SECONDS = 90


class Failure(Exception):
    pass


class Run:
    """What came of one command."""

    def __init__(self, status, output, errors):
        self.status, self.output, self.errors = status, output, errors

    @property
    def json(self):
        try:
            return json.loads(self.output)
        except ValueError:
            return None


class Node:
    def __init__(self, coalition, alliance):
        self.coalition, self.alliance = coalition, alliance
        self.home = alliance.folder / coalition
        self.process = None
        self.peak_memory = 0
        self.environment = dict(os.environ)
        # One command of a node at a time, so that what it acknowledged has an order.
        self.turn = threading.Lock()

    def prepare(self):
        """In a child between fork and exec: it lives on this node's host, and never longer than the soak."""
        machine.die_with_parent()
        self.alliance.network.enter(self.coalition)

    def run(self, *arguments, given="", good=None, seconds=COMMAND_SECONDS):
        command = [self.alliance.binary, *arguments, "--home", str(self.home)]
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, text=True, timeout=seconds, preexec_fn=self.prepare)
        except subprocess.TimeoutExpired:
            return Run(None, "", f"no answer within {seconds} s")
        if good is not None and done.returncode not in good:
            raise Failure(f"{self.coalition}: vaka {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
        return Run(done.returncode, done.stdout, done.stderr)

    def start(self):
        network = self.alliance.network
        host, port = network.listening(self.coalition)
        with (self.alliance.folder / f"{self.coalition}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.alliance.binary, "serve", "--home", str(self.home), "--listen-host", host, "--listen-port", str(port),
                 "--health-listen", network.health(self.coalition)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, preexec_fn=self.prepare)
        network.started(self.coalition, self.process.pid)

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def measure(self):
        if self.process:
            self.peak_memory = max(self.peak_memory, machine.peak_memory(self.process.pid))

    def signal(self, number):
        self.measure()
        self.process.send_signal(number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=60):
        """As an operator does; returns the exit code, None if it did not end by itself."""
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def log_end(self, lines=15):
        try:
            text = (self.alliance.folder / f"{self.coalition}.log").read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    # Faults of the machine that a node stands on.

    def put_on_small_disk(self):
        """Before the first start: the folder moves to a file system that can be filled."""
        elsewhere = self.home.with_name(f"{self.coalition}-elsewhere")
        self.home.rename(elsewhere)
        self.home.mkdir(mode=0o700)
        machine.mount(["-t", "tmpfs", "-o", f"size={SMALL_DISK_MIB}m,mode=700", "tmpfs", str(self.home)])
        shutil.copytree(elsewhere, self.home, dirs_exist_ok=True)
        shutil.rmtree(elsewhere)

    def fill_disk(self):
        with (self.home / "ballast").open("wb", buffering=0) as ballast:
            piece = 1 << 20
            while piece >= 1 << 12:
                try:
                    ballast.write(bytes(piece))
                except OSError:
                    piece >>= 4

    def free_disk(self):
        (self.home / "ballast").unlink(missing_ok=True)

    def watch_clock(self, library):
        self.clock_file = self.home.with_name(f"{self.coalition}.skew")
        self.clock_file.write_text("0\n")
        self.environment |= {"LD_PRELOAD": str(library), "SKEW_FILE": str(self.clock_file)}

    def step_clock(self, seconds):
        moved = self.clock_file.with_suffix(".new")
        moved.write_text(f"{seconds}\n")
        moved.rename(self.clock_file)


class Alliance:
    """Every node's folder, made as operators make it: init, card, found, join."""

    def __init__(self, binary, folder, network, coalitions):
        self.binary, self.folder, self.network = str(pathlib.Path(binary).resolve()), pathlib.Path(folder), network
        self.nodes = {coalition: Node(coalition, self) for coalition in coalitions}

    def found(self):
        passphrase = self.folder / "passphrase"
        passphrase.write_text("a long sample passphrase\n")
        secret = ["--passphrase-file", str(passphrase)]
        file, nodes = self.folder / "alliance", list(self.nodes.values())
        cards = {node.coalition: self.folder / f"{node.coalition}.card" for node in nodes}

        def initialise(node):
            coalition = node.coalition
            host, port = self.network.listening(coalition)
            # One that nobody can dial: it calls, and everything else is as for the others.
            place = ["--no-endpoint", "--listen-port", str(port)] if node is nodes[-1] and len(nodes) >= 8 else [
                "--endpoint", self.network.endpoint(coalition)]
            node.run("init", coalition, "--name", f"Sample {coalition}", *place,
                     "--listen-host", host, *secret, good=(0,))
            cards[coalition].write_text(node.run("alliance", "card", good=(0,)).output)

        def join(node, *copies):
            """Signs a copy of its own, and installs it once it is complete."""
            copy = self.folder / f"{node.coalition}.alliance"
            shutil.copy(file, copy)
            node.run("alliance", "join", str(copy), *copies, "--yes", "--expect", fingerprint, *secret, good=(0,))
            return str(copy)

        # Two at once: opening an identity key takes the processor and 128 MiB for a moment, on purpose.
        with concurrent.futures.ThreadPoolExecutor(2) as two:
            list(two.map(initialise, nodes))
            first = nodes[0]
            founded = first.run("alliance", "found", "Soak", *map(str, cards.values()), "--purpose", "exercise", *secret,
                                good=(0,))
            file.write_text(founded.output)
            fingerprint = first.run("alliance", "show", "--json", good=(0,)).json["fingerprint"]

            copies = list(two.map(join, nodes[1:]))
            # The union of all copies is complete.
            shutil.copy(join(first, *copies), file)
            list(two.map(join, nodes[1:]))

    def end(self):
        for node in self.nodes.values():
            if node.is_running:
                node.process.kill()
                node.process.wait()
