"""A member with valid certificates who lies, floods and stalls, beside two honest nodes of the real binary.

    python3 Tests/HostilePeer --binary .build/debug/vaka
"""

import argparse
import atexit
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "Soak"))

from lies import all_lies, honest_except  # noqa: E402
from loopback import free_ports  # noqa: E402
from member import Member  # noqa: E402
from nodes import Alliance  # noqa: E402
from pushing import Caller, pushes  # noqa: E402
from server import HostileServer  # noqa: E402

BEGAN = time.monotonic()
GROWTH_MIB = 96
LISTING = ["--type", "merchant-id", "--reason", "sanctions-list", "--provenance", "open-source"]


def say(text):
    print(f"{time.monotonic() - BEGAN:7.1f}  {text}", flush=True)


class Direct:
    """Three nodes on loopback with nothing between them."""

    def __init__(self, coalitions):
        ports = free_ports(2 * len(coalitions))
        self.ports = {one: ports[2 * number:2 * number + 2] for number, one in enumerate(coalitions)}

    def endpoint(self, coalition):
        return f"127.0.0.1:{self.ports[coalition][0]}"

    def listening(self, coalition):
        return "127.0.0.1", self.ports[coalition][0]

    def health(self, coalition):
        return f"127.0.0.1:{self.ports[coalition][1]}"

    def enter(self, coalition):
        pass

    def started(self, coalition, process):
        pass


class Ordeal:
    def __init__(self, alliance):
        self.nodes = alliance.nodes
        self.se, self.no = self.nodes["se"], self.nodes["no"]
        self.passed, self.failed, self.added = 0, 0, 0

    def check(self, holds, what, detail=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        say(f"{'ok    ' if holds else 'FAILED'}  {what}{f' · {detail}' if detail else ''}")

    def status(self, node):
        return node.run("status", "--json").json or {}

    def wait(self, seconds, condition):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.15)
        return None

    def memory(self, node):
        with open(f"/proc/{node.process.pid}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))

    def note(self, node, coalition):
        for peer in self.status(node).get("peers", []):
            if peer["coalition"] == coalition:
                return peer.get("note")
        return None

    def honest_agree(self):
        """se lists one more; it is signed, and no holds it."""
        self.added += 1
        self.se.run("indicator", "add", "-", "--json", *LISTING, given=f"412345|SHOP{self.added}\n", good=(0,))

        def agree():
            positions = [{one["coalition"]: one for one in self.status(node).get("positions", [])}.get("se")
                         for node in (self.se, self.no)]
            return all(positions) and positions[0]["live-digest"] == positions[1]["live-digest"] and (
                positions[0]["statements"] == self.added)

        return self.wait(30, agree)

    def steady(self, what, detail=""):
        """Whatever `us` does: both run, the memory has its bound, and what se lists reaches no."""
        agree = self.honest_agree()
        grown = max(self.memory(node) - self.before[node.coalition] for node in (self.se, self.no))
        running = self.se.is_running and self.no.is_running
        self.check(running and agree and grown < GROWTH_MIB, what,
                   f"{detail}{'' if agree else ' · se and no do not agree'} · {grown:+d} MiB")

    def begin(self):
        for node in (self.se, self.no):
            node.start()
        self.check(self.wait(60, lambda: self.status(self.se).get("signing", {}).get("state") == "ready"), "se signs")
        self.check(self.honest_agree(), "se and no agree before")
        self.before = {node.coalition: self.memory(node) for node in (self.se, self.no)}

    def tell(self, lie, server):
        server.answer, server.requests = lie.answer, {}
        for verb in ("pause", "resume"):
            self.se.run("peer", verb, "us")
        asked = self.wait(20, lambda: sum(server.requests.values()))
        note = None
        if lie.faults:
            note = self.wait(20, lambda: self.note(self.se, "us"))
        else:
            time.sleep(2)
        self.check(asked and (note or not lie.faults), f"{lie.name}: seen", note or "")
        self.steady(f"{lie.name}: others undisturbed")


def run(binary):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vaka-hostile-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    coalitions = ["se", "no", "us"]
    network = Direct(coalitions)
    alliance = Alliance(binary, folder, network, coalitions)
    try:
        alliance.found()
        member = Member(alliance.nodes["us"].home)
        server = HostileServer(member, *network.listening("us"))
        server.answer = honest_except(member)
        ordeal = Ordeal(alliance)
        ordeal.begin()
        for lie in all_lies(member, ["no", "se"]):
            ordeal.tell(lie, server)
        server.answer = honest_except(member)
        for name, push in pushes(Caller(member, "se")):
            ordeal.check(push(), name)
            ordeal.steady(f"{name}: others undisturbed")
        for node in (ordeal.se, ordeal.no):
            status = node.stop()
            ordeal.check(status == 0, f"{node.coalition}'s node ends with {status}", node.log_end(3) if status else "")
        print(f"{ordeal.passed} passed, {ordeal.failed} failed", flush=True)
        return 1 if ordeal.failed else 0
    finally:
        alliance.end()


def interrupted(number, _):
    # Threads that hold links would keep an ordinary exit waiting.
    atexit._run_exitfuncs()
    os._exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    parser = argparse.ArgumentParser(prog="hostile-peer")
    parser.add_argument("--binary", default=".build/debug/vaka")
    sys.exit(run(parser.parse_args().binary))
