"""A real power cut: the file system of a node's folder is shut down by the kernel in the middle of an import.

What was not synced is gone then, as on a machine that loses power; the node must come back with what it acknowledged.
"""

import fcntl
import os
import random
import re
import shutil
import struct
import subprocess
import threading
import time

import machine
from nodes import Alliance, Failure
from promises import Promises
from soak import LISTING, Soak

EXT4_IOC_SHUTDOWN, WITHOUT_FLUSHING_THE_LOG = 0x8004587D, 2
CUTS, ROWS = 3, 6_000


class Disk:
    """An ext4 file system in a file."""

    def __init__(self, image, place):
        self.image, self.place = image, place
        with image.open("wb") as file:
            file.truncate(256 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)

    def mount(self):
        machine.mount(["-o", "loop", str(self.image), str(self.place)])

    def cut_power(self):
        descriptor = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, EXT4_IOC_SHUTDOWN, struct.pack("I", WITHOUT_FLUSHING_THE_LOG))
        finally:
            os.close(descriptor)

    def unmount(self):
        """For good, so that the next mount reads what is really there."""
        for _ in range(100):
            if subprocess.run(["umount", str(self.place)], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise Failure(f"{self.place} cannot be unmounted")


def reason_against(folder):
    against = machine.reason_against_mounts()
    if against:
        return against
    if not shutil.which("mkfs.ext4"):
        return "the command mkfs.ext4 (package e2fsprogs) is missing"
    place = folder / "trial"
    place.mkdir()
    try:
        disk = Disk(folder / "trial.image", place)
        disk.mount()
    except (OSError, subprocess.CalledProcessError):
        return "a loop device cannot be mounted here"
    try:
        disk.cut_power()
        return None
    except OSError:
        return "the kernel does not shut a file system down here"
    finally:
        disk.unmount()


class PowerCut:
    """One node that loses power again and again while it works, and two that do not."""

    def __init__(self, soak, disk):
        self.soak, self.disk = soak, disk
        self.node, self.promises = soak.nodes["se"], soak.promises["se"]
        self.random = random.Random(soak.options.seed)
        self.acknowledged_rows = []

    def cut(self, number):
        rows, case = ROWS, f"SOAK-{number}"
        text = "merchant-id\n" + "".join(f'"412345|MANY{number}X{row}"\n' for row in range(rows))
        arguments = ["indicator", "import", "-", "--json", "--case-reference", case, "--batch", "100", *LISTING]
        done = []

        def imports():
            done.append(self.node.run(*arguments, given=text))

        def adds():
            for one in range(1, 200):
                run = self.node.run("indicator", "add", "-", "--type", "merchant-id", "--json", *LISTING,
                                    given=f"412345|SINGLE{number}X{one}\n")
                self.promises.add(run)
                if run.status != 0:
                    return

        before = self.promises.acknowledged
        threads = [threading.Thread(target=work) for work in (imports, adds)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 30
        while self.promises.acknowledged < before + 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(self.random.uniform(0, 1.5))
        self.disk.cut_power()
        self.node.kill()
        for thread in threads:
            thread.join()
        counted = re.search(r"([\d  ]+) of [\d  ]+ rows are acknowledged", done[0].errors)
        count = rows if done[0].status == 0 else int(re.sub(r"\D", "", counted.group(1))) if counted else 0
        self.promises.imports[case] = (rows, count)
        self.acknowledged_rows.append(count)
        self.disk.unmount()
        self.disk.mount()
        self.node.start()
        self.soak.wait_for_signing(time.monotonic())
        again = self.node.run(*arguments, given=text)
        known = (again.json or {}).get("already-listed", -1)
        self.soak.check(again.status == 0 and known >= count,
                        f"cut {number}: {count} rows were acknowledged, {known} are known: {again.errors}")
        self.promises.imports[case] = (rows, rows)
        self.soak.say(f"power cut {number}: {count} of {rows} rows and {self.promises.acknowledged - before} single "
                      f"listings were acknowledged; {known} rows known after the start")


def run(chosen, folder, network, say):
    """`network` makes one for the coalitions."""
    against = reason_against(folder)
    if against:
        say(f"skipped power cut: {against}")
        print("0 passed, 0 failed")
        return 0
    coalitions = ["se", "no", "us"]
    network = network(coalitions)
    alliance = Alliance(chosen.binary, folder, network, coalitions)
    say(f"seed {chosen.seed}, 3 nodes on {network.name}, one of them on a disk of its own")
    disk = None
    try:
        soak = Soak(alliance, network, chosen, False, say)
        alliance.found()
        home, elsewhere = alliance.nodes["se"].home, folder / "se-elsewhere"
        home.rename(elsewhere)
        home.mkdir(mode=0o700)
        disk = Disk(folder / "se.image", home)
        disk.mount()
        home.chmod(0o700)
        shutil.copytree(elsewhere, home, dirs_exist_ok=True)
        shutil.rmtree(elsewhere)
        shutil.rmtree(home / "lost+found")
        os.sync()
        for node in alliance.nodes.values():
            node.start()
        soak.wait_for_signing(time.monotonic())
        cuts = PowerCut(soak, disk)
        for number in range(1, CUTS + 1):
            cuts.cut(number)
        soak.agree()
        soak.see_agreement()
        soak.compare()
        soak.inspect()
        soak.stop()
        failed = len(soak.problems)
        counts = ", ".join(map(str, cuts.acknowledged_rows))
        print(f"\npower cuts     {CUTS} · rows acknowledged before each: {counts} of {ROWS}"
              f"\n{soak.checks - failed} passed, {failed} failed", flush=True)
        return 1 if failed else 0
    finally:
        alliance.end()
        network.end()
        if disk:
            machine.unmount(disk.place)
