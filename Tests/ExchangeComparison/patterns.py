"""The reader of STIX patterns beside stix2-patterns, on generated and mutated patterns."""

import csv
import json
import random
import uuid

from stix2patterns.validator import run_validator

PATHS = ["bank-account:iban", "payment-card:value", "cryptocurrency-wallet:value", "file:extensions.'a-b ext'.c", "url:value", "x:y[0].z", "x:y[*]"]


def literal(source):
    text = "".join(source.choice(["a", "1", " ", "\\'", "\\\\", "ä", "]", "OR", "("]) for _ in range(source.randrange(6)))
    return f"'{text}'" if source.randrange(25) else source.choice(["5", "true", "t'2026-01-01T00:00:00Z'", "h'ff'", "1.5"])


def comparison(source):
    path = source.choice(PATHS)
    if source.randrange(3) == 0:
        return f"{path} {source.choice([''] * 9 + ['NOT '])}IN ({', '.join(literal(source) for _ in range(source.randrange(1, 4)))})"
    operator = source.choice(["="] * 16 + ["!=", ">", "LIKE", "MATCHES", "NOT ="])
    path_operator = f"{path} {operator}" if operator != "NOT =" else f"{path} NOT ="
    value = literal(source)
    return f"{path_operator} {value if operator not in ('LIKE', 'MATCHES') or value[0] == chr(39) else chr(39) + 'a' + chr(39)}"


def inside(source, depth=0):
    if depth < 2 and source.randrange(5) == 0:
        return f"({inside(source, depth + 1)})"
    joiner = " AND " if source.randrange(12) == 0 else " OR "
    return joiner.join(comparison(source) for _ in range(source.randrange(1, 3)))


def observation(source, depth=0):
    if depth < 2 and source.randrange(5) == 0:
        return f"({observation(source, depth + 1)})"
    joiner = source.choice([" OR "] * 10 + [" AND ", " FOLLOWEDBY "])
    text = joiner.join(f"[{inside(source)}]" for _ in range(source.randrange(1, 3)))
    return text if source.randrange(10) else text + source.choice([" WITHIN 5 SECONDS", " REPEATS 2 TIMES"])


def mutate(source, text):
    for _ in range(source.randrange(3)):
        if not text:
            return text
        place = source.randrange(len(text))
        text = source.choice([
            text[:place] + text[place + 1:], text[:place] + source.choice("[]()'=,:.aO \\") + text[place:],
            text[:place] + text[place:place + 2][::-1] + text[place + 2:]])
    return text


def compare(alliance, report, folder, count, seed):
    print(f"{count} patterns beside stix2-patterns, seed {seed}")
    source = random.Random(seed)
    cases = {}
    for number in range(count):
        cases[f"indicator--{uuid.UUID(int=source.getrandbits(128), version=4)}"] = mutate(source, observation(source))
    bundle = {"type": "bundle", "id": f"bundle--{uuid.UUID(int=1, version=4)}", "objects": [
        {"type": "indicator", "id": key, "pattern": pattern, "pattern_type": "stix"} for key, pattern in cases.items()]}
    file, table = folder / "patterns.json", folder / "patterns.csv"
    file.write_text(json.dumps(bundle))
    alliance.imports("se", file, ["--reason", "sanctions-list", "--provenance", "open-source", "--dry-run", "--report", str(table)])
    ours = {}
    for row in csv.DictReader(table.open()):
        ours.setdefault(row["object"], row["code"])
    report.check(set(ours) == set(cases), "every object has a verdict", len(set(cases) - set(ours)))
    taken = refused = 0
    differing = []
    for key, pattern in cases.items():
        is_valid = not run_validator(pattern, stix_version="2.1")
        code = ours.get(key, "")
        taken += code not in ("pattern-malformed", "pattern-unsupported")
        refused += code in ("pattern-malformed", "pattern-unsupported")
        # What ours takes must be valid. What ours calls malformed must not be; what it does not support may stop it before it sees
        # that the rest is broken too.
        if (code == "pattern-malformed" and is_valid) or (code not in ("pattern-malformed", "pattern-unsupported") and not is_valid):
            differing.append((code, pattern))
    report.check(not differing, f"{taken} taken, {refused} refused", f"{len(differing)}, such as {differing[:12]}")
