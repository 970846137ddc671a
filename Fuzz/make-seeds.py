"""Writes the seeds of the corpus from Tests/Vectors and Samples: python3 Fuzz/make-seeds.py"""

import base64
import hashlib
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
CORPUS = ROOT / "Fuzz" / "Corpus"


def vectors(name):
    return json.loads((ROOT / "Tests" / "Vectors" / f"{name}.json").read_text(encoding="utf-8"))


def keep(target, data):
    data = data.encode() if isinstance(data, str) else data
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)


def field(number, data):
    """A length-delimited field of a protobuf message."""
    length, size = len(data), b""
    while length > 127:
        size, length = size + bytes([length & 127 | 128]), length >> 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + data


def hexadecimal(value):
    """Every text of hexadecimal digits in a vector file."""
    if isinstance(value, str) and len(value) > 8 and re.fullmatch("([0-9a-f]{2})+", value):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from hexadecimal(inner)


def armour(label, data):
    text = base64.b64encode(data).decode()
    lines = "\n".join(text[start:start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


for target in ("record", "roster", "receipt"):
    for case in vectors(target)["accepted"] + vectors(target)["refused"][:4]:
        keep(target, bytes.fromhex(case["signed"]))
rosters = vectors("roster-chain")
for step in rosters["chain"]:
    keep("roster-bundle", bytes.fromhex(step["bundle"]))
for case in rosters["cases"][:8]:
    keep("roster-bundle", bytes.fromhex(case["bundle"]))
statements = vectors("roster-statement")
for kind, number in (("promises", 2), ("votes", 3)):
    for case in statements[kind][:4]:
        signed = bytes.fromhex(case["signed"])
        keep("deliberation", field(number, signed if kind == "promises" else field(1, signed)))
# Everyone votes in the first round; then two rounds with promises that name it or conceal it.
keep("election", bytes([0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 2, 0, 0, 1, 0, 3, 0, 1, 1, 0]))
keep("election", bytes([0, 1, 2, 0, 0, 0, 1, 1, 2, 0, 0, 1, 0, 0, 2, 1, 2, 0, 0, 1, 0, 0, 2, 2, 1, 1, 0, 2, 1, 1]))
head = vectors("head")
for step in head["steps"]:
    signed, delta = bytes.fromhex(step["head"]), bytes.fromhex(step["delta"])
    keep("head", signed)
    keep("delta", delta)
    entry = field(1, signed) + field(2, delta)
    keep("answer", b"\x05" + field(1, entry))
    keep("answer", b"\x04" + field(2, entry))
    keep("answer", b"\x07" + field(1, signed))
    keep("answer", b"\x06" + bytes(64))
    # Question 5, status 200; then what is asked back.
    keep("push", b"\x08\x05\x10\xc8\x01" + field(3, b"application/protobuf") + field(4, field(1, entry)))
for path in (b"/peer/v1/frontier", b"/peer/v1/heads?after=AQID&wait=30", b"/peer/v1/deltas/se/1?from=0"):
    keep("push", b"\x08\x07" + field(2, path))
keep("delta", bytes.fromhex(vectors("delta")["bytes"]))
keep("answer", b"\x02" + b"".join(field(1, bytes.fromhex(one)) for one in head["records"]))
sealed = vectors("hash-key")
keep("sealed-key", field(1, sealed["recipient"].encode()) + b"\x10\x01"
     + field(3, bytes.fromhex(sealed["encapsulated-key"])) + field(4, bytes.fromhex(sealed["ciphertext"])))
for case in vectors("card")["accepted"]:
    keep("card", case["text"])
    keep("member-card", case["text"].replace("COALITION", "MEMBER"))
for case in vectors("alliance-file")["accepted"]:
    keep("alliance", case["text"])
keep("member-list", b"VAKALIST" + field(1, bytes(40)))
for name in ("hello", "roster/1", "records/se", "frontier", "heads?after=AQID&wait=5", "deltas/se/1?from=3",
             "history/se/1?from=0", "snapshot/se?bucket=7", "buckets/se", "hash-keys/1",
             f"snapshot/se?at-least={'ab' * 32}&after=01{'cd' * 32}"):
    keep("request", f"/peer/v1/{name}")
tables = ["a,b\n1,2\n", '"a";"b"\r\n"1 ""x""";2\r\n', "type,value\n\"open", "\ufeffiban\nSE45\n"]
for number, table in enumerate(tables):
    keep("table", bytes([number, 5]) + table.encode())
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1252"):
        keep("text", bytes([number, 5]) + table.encode(encoding, "ignore"))
for sample in ("indicators.stix.json", "event.misp.json"):
    keep("document", (ROOT / "Samples" / "exchange" / sample).read_bytes())
keep("mapping", (ROOT / "Samples" / "exchange" / "accounts.mapping.json").read_bytes())
never = (ROOT / "Sources" / "Protected" / "NeverList.csv").read_text(encoding="utf-8").splitlines()
keep("never-list", "\n".join(never[:1] + never[1::400]) + "\n")
names = ["card-pan", "iban", "bank-account", "merchant-id", "merchant-descriptor", "domain", "url", "email-wallet",
         "phone-wallet", "pix-key", "upi-vpa", "swish-number", "mpesa-shortcode", "crypto-address", "legal-entity",
         "company-number", "wallet-handle"]


def texts(value):
    """Every string under `input` or `text` of a vector file."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("input", "text", "value") and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


for number, name in enumerate(names):
    for text in list(dict.fromkeys(texts(vectors(name))))[:5]:
        keep("identifier", bytes([number + 1]) + text.encode())
    keep("identifier", b"\0" + text.encode())
for target in ("puller", "copy", "apply"):
    # Bytes that are decisions: honest answers, damaged ones, a mixture.
    keep(target, bytes(60))
    keep(target, bytes([1, 1] * 40))
    keep(target, bytes([1, 0, 11, 0] * 40))
    keep(target, bytes([5, 0, 2, 0, 40, 0, 3, 11, 0, 1, 0] * 20))
    keep(target, hashlib.sha512(target.encode()).digest() * 4)
# Decisions: raw bytes, heads put together, a good proof damaged.
keep("fork-proof", b"\0" + b"".join(field(1 + step, bytes.fromhex(head["steps"][step]["head"])) for step in (0, 1)))
for mode in (1, 2):
    for one in range(9):
        keep("fork-proof", bytes([mode, one, 8 - one] + [1, 2, 3, 4, 5, 6, 7, 8] * 5))
        keep("fork-proof", bytes([mode, one, one, 0, 0, 0]))
keep("fork-proof", bytes([1, 0, 4, 1, 8, 1, 2, 0, 4, 0, 0, 0]))
for role in (0, 1):
    # An honest leaf, its bytes damaged, its extensions kept, dropped and altered, a damaged authority.
    keep("certificate", bytes([role, 1]))
    keep("certificate", bytes([role, 1, 2, 1, 0, 0, 1, 80]))
    keep("certificate", bytes([role, 2]) + b"\5" * 8)
    for change in range(5):
        keep("certificate", bytes([role, 2, 5, 5, 5, change] + [2, 0, 1, 0, 3] * 6))
        keep("certificate", bytes([role, 2, change, 1, 0, 4, 0, 5, 5, 5]))
    keep("certificate", bytes([role, 3, 1, 1, 0, 0, 3]))
for pem in sorted((ROOT / "Tests").rglob("*.pem")):
    der = base64.b64decode("".join(line for line in pem.read_text().splitlines() if not line.startswith("-")))
    keep("certificate", b"\0\0" + len(der).to_bytes(2, "big") + der)
statements = vectors("statement")
for text in dict.fromkeys(hexadecimal(statements)):
    statement = bytes.fromhex(text)
    for facet in (1, 2, 3, 250):
        keep("statement", b"\0\x4e\x20" + bytes([facet, 0, 200, len(statement) & 255]) + statement)
for number in range(4):
    keep("statement", b"\0\x4e\x20" + b"".join(bytes([1, who, 0, 0, 0]) for who in range(number)))
records = b"".join(field(1, bytes.fromhex(one)) for one in head["records"])
keep("records", armour("VAKA MEMBER RECORDS", records))
for case in vectors("record")["accepted"] + vectors("record")["refused"][:4]:
    keep("records", armour("VAKA MEMBER RECORDS", field(1, bytes.fromhex(case["signed"]))))
said = field(1, b"single-source") + field(2, b"review") + field(3, b"csam-sale") + field(4, b"se") + b"\x28\x09"
part = (field(1, b"\x08\1" + field(2, bytes(range(32)))) + field(2, said) + field(3, bytes(32) + b"\1" * 32)
        + field(4, b"\0\0"))
keep("list-content", len(part).to_bytes(2, "big") + part)
keep("policy", json.dumps({
    "name": "sample", "rules": [{"action": "review", "coalitions": 2}, {"action": "block", "coalitions": 3,
                                                                        "one-from": ["court"], "confidence": 50}],
    "confirmed-by": ["court"], "type-ceilings": {"phone-wallet": "review"}}))
previous, log = hashlib.sha256(b"vaka/audit/1").hexdigest(), []
item = hashlib.sha256(bytes(16) + b"aabbccddeeff").digest()
for number, (act, named) in enumerate([("audit-begun", ""), ("node-made", ""),
                                       ("indicator-added", hashlib.sha256(item).hexdigest()), ("peer-paused", "")], 1):
    log.append('{"audit":1,"number":%d,"at":1795769865280,"via":"command","user":998,"name":"vaka","login":"","act":"%s",'
               '"object":"","before":"","after":"","count":1,"names":"%s","previous":"%s"}' % (number, act, named, previous))
    previous = hashlib.sha256(log[-1].encode()).hexdigest()
keep("audit-log", log[0] + "\n")
for name in ('{"salt":"%s","reference":"aabbccddeeff"}' % bytes(16).hex(), '{"hash":"%s"}' % item.hex()):
    keep("audit-log", "\n".join(log[:3] + ['{"names-of":3,"names":[%s]}' % name] + log[3:]) + "\n")
keep("control", b"status\n{}")
keep("control", b"ok\n" + bytes(20))
key = b"\x01" + bytes(range(32))
keep("submission", field(1, key) + field(3, b"\x00"))
keep("submission", field(1, key) + field(2, b"statement") + field(3, b"\x01") + field(4, b"vault"))
