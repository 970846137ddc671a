"""A soak: many nodes of the real binary, a bad network, dying machines, steady work, and then: does everyone agree?

    python3 Tests/Soak --binary .build/debug/vaka --nodes 8 --minutes 1 --seed 7
"""

import argparse
import atexit
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

import machine
from loopback import Loopback
from namespaces import Namespaces
from nodes import Alliance, Failure
from places import CAPITALS
from soak import Soak

BEGAN = time.monotonic()


def say(text):
    print(f"{time.monotonic() - BEGAN:7.1f}  {text}", flush=True)


def options():
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("--binary", default=".build/debug/vaka")
    parser.add_argument("--nodes", type=int, default=8, help=f"3 to {len(CAPITALS)}")
    parser.add_argument("--minutes", type=float, default=1, help="of trouble; founding and agreeing come on top")
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed if not given")
    parser.add_argument("--loads", type=float, default=2, help="changes a second, over all nodes")
    parser.add_argument("--network", choices=("namespaces", "loopback"), help="namespaces if they can be had")
    parser.add_argument("--power-cut", action="store_true", help="one node whose disk loses power, instead of the soak")
    parser.add_argument("--keep", action="store_true", help="keep the folders and logs")
    parser.add_argument("--verbose", action="store_true", help="tell every fault")
    chosen = parser.parse_args()
    if not 3 <= chosen.nodes <= len(CAPITALS):
        parser.error(f"--nodes is 3 to {len(CAPITALS)}")
    if chosen.seed is None:
        chosen.seed = random.SystemRandom().randrange(1 << 31)
    return chosen


def make_network(chosen, coalitions):
    against = "chosen by --network" if chosen.network == "loopback" else machine.reason_against_namespaces()
    if against is None:
        return Namespaces(coalitions, chosen.seed)
    if chosen.network == "namespaces":
        raise Failure(f"no network namespaces: {against}")
    say(f"skipped namespaces: {against}; on loopback addresses instead")
    return Loopback(coalitions)


def report(soak, seconds):
    nodes, promises = soak.nodes.values(), soak.promises.values()
    peak = max(nodes, key=lambda node: node.peak_memory)
    carried = soak.network.carried_bytes()
    loads = sum(one.acknowledged for one in promises)
    agreed = "never" if soak.agreed_seconds is None else f"{soak.agreed_seconds:.1f} s, {soak.rounds} rounds of asking"
    failed = len(soak.problems)
    faults = ", ".join(f"{kind} {count}" for kind, count in sorted(soak.injected.items()))
    print(f"""
soak           seed {soak.options.seed} · {len(nodes)} nodes on {soak.network.name} · {seconds / 60:.1f} min in all
trouble        {soak.trouble_seconds / 60:.1f} min · {faults}
acknowledged   {loads} changes · {sum(one.unanswered for one in promises)} commands without an answer · {
        soak.left_out} left out for want of time
agreement      {agreed} after healing
memory         {peak.peak_memory / (1 << 20):.0f} MiB at most ({peak.coalition}) · {
        sum(node.peak_memory for node in nodes) / len(nodes) / (1 << 20):.0f} MiB on average of the nodes' peaks
wire           {carried / (1 << 20):.1f} MiB between all nodes
{soak.checks - failed} passed, {failed} failed""", flush=True)
    return 1 if failed else 0


def run(chosen):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vaka-soak-"))
    owner = os.getpid()

    def clean():
        # Not in a child that was forked and ends by an exception.
        if os.getpid() != owner:
            return
        if chosen.keep:
            say(f"kept {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clean)
    against = machine.reason_against_mounts()
    if against is None:
        machine.isolate_mounts()
    elif not chosen.power_cut:
        say(f"skipped full-disk: {against}")
    if chosen.power_cut:
        import power_cut

        return power_cut.run(chosen, folder, lambda coalitions: make_network(chosen, coalitions), say)
    coalitions = list(CAPITALS)[:chosen.nodes]
    network = make_network(chosen, coalitions)
    alliance = Alliance(chosen.binary, folder, network, coalitions)
    try:
        say(f"seed {chosen.seed}, {chosen.nodes} nodes on {network.name}")
        soak = Soak(alliance, network, chosen, against is None, say)
        soak.begin()
        soak.trouble()
        say(f"healed after {soak.trouble_seconds:.0f} s of trouble")
        soak.agree()
        soak.see_agreement()
        soak.compare()
        soak.inspect()
        soak.stop()
        return report(soak, time.monotonic() - BEGAN)
    finally:
        alliance.end()
        network.end()
        for node in alliance.nodes.values():
            if os.path.ismount(node.home):
                machine.unmount(node.home)


def interrupted(number, _):
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    try:
        sys.exit(run(options()))
    except Failure as failure:
        say(f"FAILED  {failure}")
        print("0 passed, 1 failed")
        sys.exit(1)
