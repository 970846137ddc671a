"""Two nodes of the real binary in a temporary folder."""

import json
import socket
import subprocess
import time


class Failure(Exception):
    pass


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Alliance:
    COALITIONS = ("se", "no")

    def __init__(self, binary, folder):
        self.binary, self.folder, self.processes = binary, folder, []

    def __enter__(self):
        passphrase = self.folder / "passphrase"
        passphrase.write_text("a long sample passphrase\n")
        secret = ["--passphrase-file", str(passphrase)]
        ports = free_ports(2 * len(self.COALITIONS))
        cards = []
        for number, coalition in enumerate(self.COALITIONS):
            self.run(coalition, ["init", coalition, "--name", f"Demo {coalition}", "--endpoint", f"127.0.0.1:{ports[2 * number]}",
                                 "--listen-host", "127.0.0.1", "--health-listen", f"127.0.0.1:{ports[2 * number + 1]}"] + secret)
            cards.append(self.folder / f"{coalition}.card")
            cards[-1].write_text(self.run(coalition, ["alliance", "card"]))
        file = self.folder / "alliance"
        file.write_text(self.run("se", ["alliance", "found", "Sample alliance", *map(str, cards), "--purpose", "exercise"] + secret))
        fingerprint = json.loads(self.run("se", ["alliance", "show", "--json"]))["fingerprint"]
        for coalition in ("no", "se", "no"):
            self.run(coalition, ["alliance", "join", str(file), "--yes", "--expect", fingerprint] + secret)
        for coalition in self.COALITIONS:
            log = (self.folder / f"{coalition}.log").open("w")
            self.processes.append(subprocess.Popen(
                [self.binary, "serve", "--home", str(self.folder / coalition)], stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        for coalition in self.COALITIONS:
            self.wait(f"{coalition}'s node", lambda status: status["node"].get("running"), coalition)
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()

    def run(self, coalition, arguments, accepted=(0,)):
        done = subprocess.run(
            [self.binary, *arguments, "--home", str(self.folder / coalition)], capture_output=True, text=True)
        if done.returncode not in accepted:
            raise Failure(f"vaka {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def imports(self, coalition, file, options):
        return json.loads(self.run(coalition, ["indicator", "import", str(file), "--json", *options], accepted=(0, 1)))

    def export(self, coalition, file, options):
        self.run(coalition, ["indicator", "export", "--output", str(file), *options])
        return file.read_bytes()

    def wait_until_signed(self, coalition):
        def is_signed(status):
            own = [one for one in status["positions"] if one["coalition"] == coalition]
            return status["signing"]["queued"] == 0 and own and own[0].get("statements", 0) > 0
        self.wait(f"{coalition}'s signature", is_signed, coalition)

    def wait(self, what, holds, coalition, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            # 1 means that somebody does not agree yet, 2 that the node is just starting.
            text = self.run(coalition, ["status", "--json"], accepted=(0, 1, 2))
            if text and holds(json.loads(text)):
                return
            time.sleep(0.2)
        raise Failure(f"waited {seconds} s for {what}")
