"""One soak: founds, starts, makes trouble under load, heals, waits for agreement, compares with what was promised."""

import collections
import concurrent.futures
import subprocess
import time

from nodes import Alliance, Failure
from promises import Promises
from schedule import Schedule

# More work than this is not put in line before a slow machine: what waits longer than the trouble tells nothing.
MOST_WAITING = 12
LISTING = ["--reason", "sanctions-list", "--provenance", "open-source"]
EVERYTHING = "1000000"


class Soak:
    def __init__(self, alliance, network, options, can_mount, say):
        self.alliance, self.network, self.options, self.say = alliance, network, options, say
        self.nodes = alliance.nodes
        self.promises = {coalition: Promises() for coalition in self.nodes}
        self.injected, self.problems, self.checks = collections.Counter(), [], 0
        self.states = {coalition: set() for coalition in self.nodes}
        self.can_mount, self.library = can_mount, self.compile_clock()
        self.agreed_seconds = self.rounds = None
        self.left_out = 0

    def check(self, holds, what):
        self.checks += 1
        if not holds:
            self.problems.append(what)
            self.say(f"FAILED  {what}")

    def compile_clock(self):
        library, source = self.alliance.folder / "clock_skew.so", __file__.replace("soak.py", "clock_skew.c")
        for compiler in ("cc", "gcc", "clang"):
            try:
                subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(library), source, "-ldl"], check=True,
                               capture_output=True)
                return library
            except (OSError, subprocess.CalledProcessError):
                continue
        self.say("skipped clock: there is no C compiler for the library that moves a node's clock")
        return None

    # Beginning.

    def begin(self):
        began = time.monotonic()
        self.alliance.found()
        self.say(f"founded {len(self.nodes)} coalitions in {time.monotonic() - began:.0f} s")
        kinds = {"kill", "freeze", "partition", "one-way", "isolate"}
        names = list(self.nodes)
        small_disk, skewed = names[1], names[2]
        if self.network.can_lose:
            kinds.add("lossy")
        else:
            self.say("skipped lossy: packets are lost in network namespaces only; TCP hides them on loopback")
        if self.can_mount:
            self.nodes[small_disk].put_on_small_disk()
            kinds.add("full-disk")
        if self.library:
            self.nodes[skewed].watch_clock(self.library)
            kinds.add("clock")
        self.schedule = Schedule(self.options.seed, names, self.options.minutes * 60, kinds, small_disk, skewed,
                                 self.options.loads)
        began = time.monotonic()
        for node in self.nodes.values():
            node.start()
        self.wait_for_signing(began)

    def wait_for_signing(self, began):
        """Every node has heard from enough others to sign."""
        deadline = began + 60 + 10 * len(self.nodes)
        waiting = list(self.nodes.values())
        while waiting and time.monotonic() < deadline:
            status = waiting[0].run("status", "--json").json
            if status and status["signing"]["state"] == "ready":
                waiting.pop(0)
            else:
                self.dead_nodes()
                time.sleep(0.2)
        if waiting:
            raise Failure(f"{waiting[0].coalition} does not begin to sign:\n{waiting[0].log_end()}")
        self.say(f"all nodes sign after {time.monotonic() - began:.0f} s")

    def dead_nodes(self):
        for node in self.nodes.values():
            if node.process and not node.is_running and "kill" not in self.states[node.coalition]:
                if "home-in-use" in node.log_end(3):
                    # A command held the folder for a moment, as it may while no node runs: whoever keeps a service
                    # running starts it again.
                    self.injected["start refused by a command"] += 1
                    node.start()
                    continue
                status = node.process.returncode
                self.check(False, f"{node.coalition}'s node ended by itself with {status}:\n{node.log_end()}")
                node.start()

    # Trouble.

    def trouble(self):
        began = time.monotonic()
        workers = concurrent.futures.ThreadPoolExecutor(4)
        try:
            running = []
            for event in self.schedule.events:
                while (left := event.at - (time.monotonic() - began)) > 0:
                    time.sleep(min(left, 0.5))
                    self.dead_nodes()
                if event.kind not in ("add", "import", "withdraw"):
                    self.fault(event)
                    continue
                running = [one for one in running if not one.done() or one.result()]
                if len(running) < MOST_WAITING:
                    running.append(workers.submit(self.load, event))
                else:
                    self.left_out += 1
            self.heal()
            for one in running:
                one.result()
        finally:
            # After an interrupt nothing is begun any more.
            workers.shutdown(wait=False, cancel_futures=True)
        self.trouble_seconds = time.monotonic() - began

    def load(self, event):
        coalition, number = event.data["coalition"], event.data["number"]
        node, promises = self.nodes[coalition], self.promises[coalition]
        with node.turn:
            if event.kind == "add":
                promises.add(node.run("indicator", "add", "-", "--type", "merchant-id", "--json", *LISTING,
                                      given=f"412345|SINGLE{number}\n"))
            elif event.kind == "import":
                rows, case = event.data["rows"], f"SOAK-{number}"
                text = "merchant-id\n" + "".join(f'"412345|MANY{number}X{row}"\n' for row in range(rows))
                promises.importing(node.run("indicator", "import", "-", "--json", "--case-reference", case, *LISTING,
                                            given=text), case, rows)
            elif reference := promises.choose(event.data["draw"]):
                promises.withdraw(reference, node.run("indicator", "withdraw", reference, "--json"))

    def fault(self, event):
        kind, ends = event.kind.removeprefix("end-"), event.kind.startswith("end-")
        if not ends:
            self.injected[kind] += 1
        if self.options.verbose:
            self.say(f"{event.at:6.1f} s  {event.kind} {event.data.get('coalition') or ''}"
                     + (f"{len(event.data['pairs'])} pairs" if "pairs" in event.data else ""))
        if "pairs" in event.data:
            if kind == "lossy":
                self.network.lose(event.data["pairs"], 0.0 if ends else event.data["share"])
            elif ends:
                self.network.unblock(event.data["pairs"])
            else:
                self.network.block(event.data["pairs"])
            return
        node = self.nodes[event.data["coalition"]]
        if ends:
            self.end_fault(node, kind)
            return
        self.states[node.coalition].add(kind)
        match kind:
            case "kill":
                node.kill()
            case "freeze":
                node.signal(19)
            case "full-disk":
                node.fill_disk()
            case "clock":
                node.step_clock(event.data["seconds"])

    def end_fault(self, node, kind):
        match kind:
            case "kill":
                node.start()
            case "freeze":
                node.signal(18)
            case "full-disk":
                node.free_disk()
            case "clock":
                node.step_clock(0)
        self.states[node.coalition].discard(kind)

    def heal(self):
        self.network.heal()
        for node in self.nodes.values():
            for kind in list(self.states[node.coalition]):
                self.end_fault(node, kind)

    # Agreement.

    def agree(self):
        """Asks one node after the other until all say the same of every coalition; who differs is asked again."""
        began = time.monotonic()
        limit = 120 + 10 * len(self.nodes)
        self.rounds, why = 0, "nobody was asked"
        while time.monotonic() - began < limit:
            self.rounds += 1
            self.dead_nodes()
            why = self.difference()
            if why is None:
                self.agreed_seconds = time.monotonic() - began
                break
            time.sleep(0.3)
        self.check(why is None, f"all agree within {limit} s of healing: {why}")

    def difference(self):
        reference = None
        for node in self.nodes.values():
            status = node.run("status", "--json").json
            if status is None or not status["node"]["running"]:
                return f"{node.coalition} does not answer"
            if status["signing"]["queued"]:
                signing = status["signing"]
                return f"{node.coalition} has {signing['queued']} changes to sign ({signing['state']})"
            held = [one["coalition"] for one in status["positions"] if one.get("hold")]
            if held:
                return f"{node.coalition} holds {', '.join(held)}"
            digests = {one["coalition"]: (one["live-digest"], one["head-hash"]) for one in status["positions"]}
            if reference is None:
                reference, first = digests, node.coalition
            elif digests != reference:
                different = [one for one in sorted(set(digests) | set(reference))
                             if digests.get(one) != reference.get(one)]
                return f"{node.coalition} and {first} differ on {', '.join(different)}"
        return None

    def see_agreement(self):
        """Every node says so itself, by receipts: `vaka status` ends with 0."""
        deadline = time.monotonic() + 120 + 5 * len(self.nodes)
        for node in self.nodes.values():
            while True:
                run = node.run("status", "--json")
                if run.status == 0 or time.monotonic() > deadline:
                    break
                time.sleep(0.5)
            others = [f"{peer['coalition']}: {peer['agrees']} {peer['link']} {peer.get('note') or ''}"
                      for peer in (run.json or {}).get("peers", []) if peer["agrees"] != "yes" or peer["link"] != "open"]
            if run.json:
                others.append(f"signing {run.json['signing']}, told of a second node by {run.json['node']['doubled-by']}")
            self.check(run.status == 0,
                       f"{node.coalition}: status ends with {run.status}: {'; '.join(others)}{run.errors}")
            forked = [peer["coalition"] for peer in (run.json or {}).get("peers", []) if peer["agrees"] == "no"]
            self.check(not forked, f"{node.coalition} sees a fork of {', '.join(forked)}")

    def compare(self):
        """What each coalition has acknowledged stands at the node after it, and nothing else."""
        names = list(self.nodes)
        for number, coalition in enumerate(names):
            other = self.nodes[names[(number + 1) % len(names)]]
            run = other.run("indicator", "list", "--from", coalition, "--limit", EVERYTHING, "--json", seconds=300)
            answer = run.json
            self.check(answer is not None, f"{other.coalition} lists what {coalition} says: {run.errors}")
            wrong = self.promises[coalition].judge(answer["listings"]) if answer else []
            self.check(not wrong,
                       f"{coalition}, as {other.coalition} has it: {'; '.join(wrong[:5])} ({len(wrong)} in all)")

    def inspect(self):
        """The nodes that were hit in their own ways find nothing broken in their own stores."""
        for node in list(self.nodes.values())[:3]:
            run = node.run("doctor", "--json", seconds=300)
            broken = [f"{one['check']}: {one['what']}" for one in (run.json or {}).get("findings", [])
                      if one["state"] == "broken"]
            self.check(run.status in (0, 1),
                       f"{node.coalition}: doctor ends with {run.status}: {'; '.join(broken)}{run.errors}")

    def stop(self):
        for node in self.nodes.values():
            status = node.stop()
            self.check(status == 0, f"{node.coalition}'s node ends with {status} when told to:\n{node.log_end()}")
