"""Fuzzes every entry point for so many seconds, two at once, and says how often each was run.

    python3 Fuzz/run.py --seconds 60 [--target puller]
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
BINARY = ROOT / ".build" / "fuzz" / "release" / "Fuzz"
# What a run finds is kept here from run to run; only what is copied to Fuzz/Corpus is committed.
FOUND = ROOT / ".build" / "fuzz-found"


def targets():
    text = (ROOT / "Tests" / "Support" / "FuzzTargets" / "FuzzTarget.swift").read_text(encoding="utf-8")
    known = sorted(folder.name for folder in (ROOT / "Fuzz" / "Corpus").iterdir())
    return [name for name in known if re.search(rf'"{name}"|\b{name}\b', text)]


def fuzz(target, seconds):
    found, crashes = FOUND / target, FOUND / "crashes"
    found.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(exist_ok=True)
    arguments = [
        str(BINARY), str(found), str(ROOT / "Fuzz" / "Corpus" / target), f"-max_total_time={seconds}",
        f"-artifact_prefix={crashes}/{target}-", "-print_final_stats=1", "-rss_limit_mb=2048", "-malloc_limit_mb=512",
        "-timeout=20", "-max_len=16384", "-verbosity=1",
    ]
    done = subprocess.run(arguments, capture_output=True, text=True, errors="replace", cwd=ROOT,
                          env=os.environ | {"FUZZ_TARGET": target, "SWIFT_BACKTRACE": "enable=no"})
    log = done.stderr
    (FOUND / f"{target}.log").write_text(log)
    number = re.search(r"stat::number_of_executed_units: *(\d+)", log)
    covered = re.findall(r"cov: (\d+)", log)
    crash = re.search(r"Test unit written to (.*)", log)
    why = next((line for line in log.splitlines() if re.search("broken promise|Fatal error|ERROR:", line)), "")
    count = int(number.group(1)) if number else 0
    return target, count, covered[-1] if covered else "?", done.returncode, crash, why


def main():
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--target", action="append")
    chosen = parser.parse_args()
    total, failed = 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as two:
        for target, count, covered, status, crash, why in two.map(
                lambda one: fuzz(one, chosen.seconds), chosen.target or targets()):
            total += count
            outcome = "good" if status == 0 else "FAILED"
            print(f"{target:12} {count:>12,} runs   {covered:>6} edges   {outcome}".replace(",", " "), flush=True)
            if status:
                failed += 1
                place = crash.group(1) if crash else f"see {FOUND / target}.log"
                print(f"             {why}\n             {place}\n"
                      f"             next: mend it, and keep the file as Fuzz/Corpus/{target}/crash-WHAT", flush=True)
    print(f"{total:,} runs in all · {failed} failed".replace(",", " "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
