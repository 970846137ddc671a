"""Compares what vaka says of identifiers with independent libraries, on generated and mutated inputs.

make compare-identifiers [ARGUMENTS="--count 10000 --seed 1 --type card-pan"]

Ends with 1 if the two differ on an input whose difference Docs/identifiers.md does not explain.
"""

import argparse
import csv
import pathlib
import random
import subprocess
import sys
import tempfile

import accounts
import companies
import crypto_address
import domain
import email_wallet
import merchant_descriptor
import names
import phones
import url
from comparison import Comparison

COMPARISONS = accounts.ALL + companies.ALL + names.ALL + phones.ALL + [
    Comparison(kind, module.LIBRARY or "unicodedata", module.generate, module.judge, mutates=False,
               canonical=getattr(module, "canonical", lambda text: None),
               explains=getattr(module, "explains", lambda text, code: False))
    for kind, module in (
        ("crypto-address", crypto_address), ("domain", domain), ("url", url), ("email-wallet", email_wallet),
        ("merchant-descriptor", merchant_descriptor))
]


def mutate(source, text):
    """What goes wrong when people type: a character changed, dropped, doubled, swapped, or of another case."""
    if not text:
        return "x"
    position = source.randrange(len(text))
    kind = source.randrange(6)
    if kind == 0:
        return text[:position] + source.choice("0123456789") + text[position + 1:]
    if kind == 1:
        return text[:position] + source.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") + text[position + 1:]
    if kind == 2:
        return text[:position] + text[position + 1:]
    if kind == 3:
        return text[:position] + text[position] + text[position:]
    if kind == 4:
        return text[:position] + text[position:position + 2][::-1] + text[position + 2:]
    return text.swapcase()


def ours(binary, kind, texts):
    with tempfile.TemporaryDirectory() as folder:
        table, report = pathlib.Path(folder, "table.csv"), pathlib.Path(folder, "report.csv")
        with table.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["value"])
            writer.writerows([text] for text in texts)
        done = subprocess.run(
            [binary, "identify", str(table), "--column", "value", "--type", kind, "--report", str(report)],
            capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)
        with report.open(newline="") as file:
            return list(csv.DictReader(file))


def compare(binary, comparison, count, seed):
    source = random.Random(f"{seed} {comparison.kind}")
    # So many that both sides judge: what the library has no word on does not count.
    judgements = []
    while len(judgements) < count:
        text = comparison.generate(source)
        text = mutate(source, text) if comparison.mutates and source.random() < 0.4 else text
        if text and "\n" not in text and "\r" not in text:
            theirs = comparison.judge(text)
            if theirs is not None:
                judgements.append((text, theirs))
    texts = [text for text, _ in judgements]
    valid, differences, explained = 0, [], 0
    for (text, theirs), row in zip(judgements, ours(binary, comparison.kind, texts), strict=True):
        valid += theirs
        same = theirs == (row["code"] == "")
        form = comparison.canonical(text) if same and theirs else None
        if same and form in (None, row["canonical"]):
            continue
        if comparison.explains(text, row["code"]):
            explained += 1
        else:
            differences.append((text, theirs, row["code"], row["canonical"]))
    share = valid / max(1, count)
    print(f"{comparison.kind:20} {comparison.library:32} {count:6} judged, {share:4.0%} valid, {explained:4} explained, "
          f"{len(differences):4} different")
    for text, theirs, code, canonical in differences[:10]:
        print(f"    {text!r}: {comparison.library} {'takes' if theirs else 'refuses'} it, vaka: {code or canonical}")
    if share < 0.4:
        print(f"    fewer than 40 % of the inputs are valid: the generator of {comparison.kind} is too wild")
    return not differences and share >= 0.4


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--type")
    given = parser.parse_args()
    print(f"seed {given.seed}, {given.count} inputs of each type")
    chosen = [one for one in COMPARISONS if given.type in (None, one.kind)]
    agreed = [compare(given.binary, one, given.count, given.seed) for one in chosen]
    sys.exit(0 if chosen and all(agreed) else 1)


if __name__ == "__main__":
    main()
