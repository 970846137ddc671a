"""One exported file beside the tools of its field, and beside the other forms."""

import collections
import csv
import io
import json

from pymisp import MISPEvent
from stix2patterns.validator import run_validator
from stix2validator import ValidationOptions, validate_string

# Warnings that are looked at and kept: ids follow from content (version 5), so that a second export is the same; the language of a
# digest is our own.
KEPT = {"103": "ids are UUIDs of version 5", "245": "pattern_type is our own"}


def check(report, key, file, revealed):
    merged, reveal, form = key
    text = file.read_text()
    digests = {"csv": of_csv, "stix": of_stix, "misp": of_misp}[form](report, file.name, text, merged, reveal)
    expected = {row["digest"] for row in revealed}
    # In this alliance of two nobody else lists anything before the merged view is exported.
    report.check(digests == expected, f"{file.name}: every indicator once, {len(digests)} of them", digests ^ expected)
    values = [row["value"] for row in revealed]
    if reveal:
        unescaped = text.replace("\\\\", "\\")
        lacking = [value for value in values if value not in unescaped]
        report.check(not lacking, f"{file.name}: the plaintext is there", f"{len(lacking)} lacking")
    else:
        shown = [value for value in values if value in text or value.split("|")[-1] in text]
        report.check(not shown, f"{file.name}: no plaintext", f"{len(shown)} shown")


def of_csv(report, name, text, merged, reveal):
    rows = list(csv.DictReader(io.StringIO(text)))
    report.check(all(None not in row and None not in row.values() for row in rows), f"{name}: every row has every column")
    return {row["digest"] for row in rows}


def of_stix(report, name, text, merged, reveal):
    result = validate_string(text, ValidationOptions(version="2.1"))
    report.check(result.is_valid, f"{name}: stix2-validator finds no error", [str(error) for error in result.errors or []][:3])
    warnings = collections.Counter(str(one).split("{", 1)[-1].split("}", 1)[0] for one in result.warnings or [])
    other = {code: count for code, count in warnings.items() if code not in KEPT or (code == "245" and reveal)}
    report.check(not other, f"{name}: its warnings are those that are meant ({', '.join(f'{code} {KEPT[code]}' for code in sorted(warnings) if code in KEPT)})", other)
    objects = json.loads(text)["objects"]
    ids = [one["id"] for one in objects]
    report.check(len(ids) == len(set(ids)), f"{name}: ids are unique")
    indicators = [one for one in objects if one["type"] == "indicator"]
    broken = [one["id"] for one in indicators if one["pattern_type"] == "stix" and run_validator(one["pattern"], stix_version="2.1")]
    report.check(not broken, f"{name}: stix2-patterns reads every pattern", broken[:3])
    references = {one["created_by_ref"] for one in indicators} | {ref for one in indicators for ref in one["object_marking_refs"]}
    report.check(references <= set(ids), f"{name}: what is referred to is in the bundle", references - set(ids))
    contents = [next(iter(one["extensions"].values())) for one in indicators]
    key = "status" if merged else "reason"
    report.check(all(key in one and one["algorithm"] == "hmac-sha-256" for one in contents), f"{name}: the extension is filled")
    return {one["digest"] for one in contents}


def of_misp(report, name, text, merged, reveal):
    event = MISPEvent()
    event.load(json.loads(text))
    uuids = [str(attribute.uuid) for one in event.objects for attribute in one.attributes] + [str(one.uuid) for one in event.objects]
    report.check(len(uuids) == len(set(uuids)), f"{name}: pymisp loads it, and uuids are unique")
    report.check(int(event.distribution) == 1 and [tag.name for tag in event.tags] == ["tlp:green"], f"{name}: green stays in the community")
    detection = [one for one in event.objects if any(attribute.to_ids for attribute in one.attributes)]
    report.check(len(detection) == (len(event.objects) if reveal else 0), f"{name}: what can be searched for is marked so")
    relation = "verdict" if merged else "reason"
    report.check(all(one.has_attributes_by_relation(["digest", relation]) for one in event.objects), f"{name}: objects are filled")
    return {one.get_attributes_by_relation("digest")[0].value for one in event.objects}
