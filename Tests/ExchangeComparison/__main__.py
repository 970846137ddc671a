"""Holds what vaka reads and writes of STIX and MISP to the tools of those fields.

make check-exchange [ARGUMENTS="--patterns 2000 --seed 1"]

It makes two nodes, imports the samples and an event that pymisp made, exports everything in every form, validates it with
stix2-validator and pymisp, imports an export again, and compares the reader of STIX patterns with stix2-patterns. It prints what it
checked, and ends with 1 if anything differs.
"""

import argparse
import csv
import io
import json
import pathlib
import sys
import tempfile

import exports
import patterns
from node import Alliance, Failure

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "Samples" / "exchange"
SAYING = ["--reason", "sanctions-list", "--provenance", "open-source"]

# What must come of each sample: listed, repeated, and the codes of what is refused and left out.
EXPECTED = {
    "indicators.stix.json": (11, 1, {
        "handling-not-sealed": 1, "pattern-unsupported": 2, "role-refused": 2}, {
        "never-an-indicator": 1, "not-payment-data": 1, "object-revoked": 1}),
    "event.misp.json": (11, 0, {"handling-not-sealed": 1, "role-refused": 1}, {
        "context-only": 1, "never-an-indicator": 3, "not-payment-data": 1, "object-deleted": 1}),
    "accounts.windows-1252.csv": (3, 0, {}, {}),
}


class Report:
    def __init__(self):
        self.differences = 0

    def check(self, holds, what, detail=""):
        print(f"  {'ok  ' if holds else 'DIFFERS'}  {what}{'' if holds else f': {detail}'}")
        if not holds:
            self.differences += 1


def import_samples(alliance, report):
    print("import of the samples")
    for sample, (listed, repeated, refused, left_out) in EXPECTED.items():
        options = ["--phone-wallet", "swish", "--email-wallet", "paypal"] if sample.endswith("json") else [
            "--mapping", str(SAMPLES / "accounts.mapping.json")]
        answer = alliance.imports("se", SAMPLES / sample, SAYING + options)
        found = (answer["new"], answer["repeated"], answer["rejections"], answer["leavings"])
        report.check(found == (listed, repeated, refused, left_out), sample, found)


def import_from_pymisp(alliance, report, folder):
    print("import of an event that pymisp made")
    from pymisp import MISPEvent, MISPObject
    event = MISPEvent()
    event.info = "A sample that pymisp made"
    event.add_tag("tlp:green")
    event.add_attribute("iban", "DE79000000001234567890", to_ids=True, first_seen="2026-01-02")
    event.add_attribute("domain", "pay.shop-nine.example", to_ids=True)
    event.add_attribute("bic", "XXXXDEXX", to_ids=False)
    account = MISPObject("bank-account")
    account.add_attribute("account", "000987654321", to_ids=True)
    account.add_attribute("aba-rtn", "129999995", to_ids=False)
    event.add_object(account)
    coin = MISPObject("coin-address")
    coin.add_attribute("address-crypto", "0x" + "5a" * 20, to_ids=True)
    coin.add_attribute("symbol", "ETH")
    event.add_object(coin)
    file = folder / "pymisp.json"
    file.write_text(event.to_json())
    answer = alliance.imports("se", file, SAYING + ["--dry-run"])
    expected = {"bank-account US": 1, "crypto-address evm": 1, "domain": 1, "iban": 1}
    report.check(answer["kinds"] == expected, "attributes and objects by their templates", answer)
    report.check(answer["leavings"] == {"never-an-indicator": 2}, "banks are left out", answer["leavings"])


def export_all(alliance, report, folder):
    files = {}
    for merged in (False, True):
        for reveal in (False, True):
            for form in ("csv", "stix", "misp"):
                file = folder / f"{'merged' if merged else 'ours'}{'-reveal' if reveal else ''}.{form}"
                options = ["--format", form, "--merged" if merged else "--ours"] + (["--reveal"] if reveal else [])
                first = alliance.export("se", file, options)
                again = alliance.export("se", folder / "again", options)
                files[merged, reveal, form] = file
                report.check(first == again, f"{file.name}: a second export is the same")
                report.check(file.stat().st_mode & 0o777 == 0o600, f"{file.name}: only its owner can read it")
    return files


def round_trip(alliance, report, files):
    print("an export of se, imported by no")
    answer = alliance.imports("no", files[False, True, "stix"], ["--reason", "facilitator", "--provenance", "hotline"])
    report.check(answer["rejected"] == 0, "everything is taken", answer["rejections"])
    alliance.wait_until_signed("no")
    theirs = alliance.export("no", files[False, True, "csv"].with_name("no.csv"), ["--format", "csv", "--reveal"])
    ours = files[False, True, "csv"].read_bytes()
    report.check(theirs == ours, "the listings are the same, field by field")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--patterns", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as folder, Alliance(arguments.binary, pathlib.Path(folder)) as alliance:
        folder = pathlib.Path(folder)
        import_samples(alliance, report)
        import_from_pymisp(alliance, report, folder)
        alliance.wait_until_signed("se")
        print("exports")
        files = export_all(alliance, report, folder)
        revealed = list(csv.DictReader(io.StringIO(files[False, True, "csv"].read_text())))
        for key, file in files.items():
            exports.check(report, key, file, revealed)
        round_trip(alliance, report, files)
        patterns.compare(alliance, report, folder, arguments.patterns, arguments.seed)
    print(f"{report.differences} differences" if report.differences else "no difference")
    sys.exit(1 if report.differences else 0)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"check-exchange: {failure}")
