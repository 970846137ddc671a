"""Vectors of statements, heads with their deltas, and receipts."""

import ledger
import messages
from alliance import Record
from founders import (
    ALLIANCE, DAY, FOUNDERS, LATER_FIELD, MILLISECONDS, changed, hexadecimal, roster_message, seed)
from objects import DELTA, HEAD, RECEIPT, RECORD, object_hash, sha256


def listing(**fields):
    base = messages.statement.Listing(
        type=15, key_epoch=1, normaliser=1, reason=9, role=2, provenance=6, handling=2, valid_from=DAY,
        valid_until=DAY + 365)
    return changed(base, **fields)


def statements():
    full = listing(
        permitted_action=2, confidence=100, route=13, country="SE", group=seed("group")[:16],
        case_reference="K-2024/17.3_a", observed_from=DAY - 9, observed_until=DAY - 1, source_reliability=2,
        information_credibility=3, previous_digest=seed("previous"), previous_key_epoch=1)
    month = messages.statement.SightingMonth(month=657, bucket=2)
    sighting = messages.statement.Sighting(type=2, key_epoch=1, months=[month])
    dispute = messages.statement.Dispute(type=4, key_epoch=1, ground=4, deadline=DAY + 30)
    encoded = [
        ("a listing with what is mandatory", 1, listing(), None),
        ("a listing with every field", 1, full, None),
        ("a listing for CLEAR", 1, listing(handling=1), None),
        ("valid for one day", 1, listing(valid_until=DAY), None),
        ("valid for the longest time", 1, listing(valid_until=DAY + 1830), None),
        ("a sighting", 2, sighting, None),
        ("a sighting of no month", 2, changed(sighting, months=[]), None),
        ("a dispute", 3, dispute, None),
        ("no key epoch", 1, listing(key_epoch=0), "missing-field"),
        ("no normaliser", 1, listing(normaliser=0), "missing-field"),
        ("no valid-from", 1, listing(valid_from=0), "missing-field"),
        ("no valid-until", 1, listing(valid_until=0), "missing-field"),
        ("no type", 1, listing(type=0), "missing-field"),
        ("no reason", 1, listing(reason=0), "missing-field"),
        ("no role", 1, listing(role=0), "missing-field"),
        ("no provenance", 1, listing(provenance=0), "missing-field"),
        ("no handling", 1, listing(handling=0), "missing-field"),
        ("a type of a later version", 1, listing(type=18), "unknown-value"),
        ("a reason of a later version", 1, listing(reason=10), "unknown-value"),
        ("a role that is not the seller's side", 1, listing(role=5), "unknown-value"),
        ("a handling of a later version", 1, listing(handling=6), "unknown-value"),
        ("a later type before a missing reason", 1, listing(type=18, reason=0), "unknown-value"),
        ("a missing type before a later reason", 1, listing(type=0, reason=10), "missing-field"),
        ("AMBER, not sealed", 1, listing(handling=3), "unsealed-handling"),
        ("RED, not sealed", 1, listing(handling=5), "unsealed-handling"),
        ("ends before it begins", 1, listing(valid_until=DAY - 1), "bad-validity"),
        ("valid for too long", 1, listing(valid_until=DAY + 1831), "bad-validity"),
        ("confidence above 100", 1, listing(confidence=101), "bad-field"),
        ("a short group", 1, listing(group=b"group"), "bad-field"),
        ("a short previous digest", 1, listing(previous_digest=b"digest"), "bad-field"),
        ("a country in lower case", 1, listing(country="se"), "bad-field"),
        ("a country of three letters", 1, listing(country="SWE"), "bad-field"),
        ("free text for a case reference", 1, listing(case_reference="Kim owes me"), "bad-field"),
        ("a case reference of 33 characters", 1, listing(case_reference="K" * 33), "bad-field"),
        ("a sighting of 25 months", 2, changed(sighting, months=[month] * 25), "bad-field"),
        ("a sighting without key epoch", 2, changed(sighting, key_epoch=0), "bad-field"),
        ("a sighting of a later type", 2, changed(sighting, type=18), "unknown-value"),
        ("a sighting of no type", 2, changed(sighting, type=0), "missing-field"),
        ("a dispute without ground", 3, changed(dispute, ground=0), "missing-field"),
        ("a dispute on a later ground", 3, changed(dispute, ground=6), "unknown-value"),
        ("a dispute without key epoch", 3, changed(dispute, key_epoch=0), "bad-field"),
        ("sealed, of a later version", 4, listing(), "unknown-kind"),
        ("a facet of a later version", 9, listing(), "unknown-kind"),
    ]
    cases = [(name, facet, message.SerializeToString(), reason) for name, facet, message, reason in encoded]
    plain = listing().SerializeToString()
    cases += [
        ("a field of a later version", 1, plain + LATER_FIELD, None),
        ("cut off", 1, plain[:-1], "undecodable"),
        ("a country that is not UTF-8", 1, plain + b"\x6a\x02\xff\xfe", "undecodable"),
        ("nothing", 1, b"", "missing-field"),
    ]
    return {"cases": [
        {"name": name, "facet": facet, "bytes": data.hex(), "reason": reason} for name, facet, data, reason in cases
    ]}


class Author:
    """Makes the heads of a position by the rules, so that each refused one breaks exactly one of them."""

    def __init__(self, coalition):
        self.coalition = coalition
        self.position = ledger.Position(coalition)
        self.records = [Record(FOUNDERS[coalition].first)]
        self.rosters = {1: (ALLIANCE, roster_message().members[0].quota)}
        self.count = 0

    def delta(self, changes):
        self.count += 1
        return messages.ledger.Delta(
            nonce=seed(f"nonce {self.count}")[:16],
            changes=[
                messages.ledger.Change(key=key, salt=value[0], statement=value[1]) if value
                else messages.ledger.Change(key=key)
                for key, value in changes
            ]).SerializeToString()

    def head(self, delta, changes, epoch=None, **fields):
        rows = {**self.position.rows}
        digest = self.position.digest
        for key, value in changes:
            stored = rows.pop(key, None)
            if stored:
                digest = digest.changed(ledger.leaf(key, *stored), -1)
            if value:
                rows[key] = value
                digest = digest.changed(ledger.leaf(key, *value), 1)
        last = self.position.head
        epoch = epoch or (last.epoch if last else 1)
        goes_on = last is not None and last.epoch == epoch
        head = messages.ledger.Head(
            alliance=ALLIANCE, coalition=self.coalition, epoch=epoch, index=last.index + 1 if goes_on else 0, suite=1,
            lowest_reader=1, history_root=ledger.history_root(self.position.hashes if goes_on else []),
            delta_hash=object_hash(DELTA, delta), delta_changes=len(changes), delta_bytes=len(delta),
            live_digest=digest.hash(), statements=len(rows),
            live_bytes=sum(49 + len(statement) for _, statement in rows.values()), floor_epoch=1, roster=1,
            roster_hash=ALLIANCE, record_hash=self.records[-1].hash,
            signed_at=(last.signed_at if last else MILLISECONDS) + 1000)
        return changed(head, **fields)

    def sign(self, head, signer=None):
        signer = signer or FOUNDERS[self.coalition].signing[min(max(head.epoch, 1), 2) - 1]
        return signer.sign(HEAD, head.SerializeToString())

    def apply(self, signed, delta):
        self.position.apply(signed, delta, ALLIANCE, self.rosters, self.records)


def heads():
    author = Author("se")
    se = FOUNDERS["se"]
    steps, refused = [], []

    def key(name, facet=1):
        return bytes([facet]) + seed(name)

    def put(name, statement, facet=1):
        return key(name, facet), (seed(f"salt {name} {author.count}")[:16], statement)

    def step(name, changes, epoch=None, **fields):
        delta = author.delta(changes)
        signed = author.sign(author.head(delta, changes, epoch, **fields))
        author.apply(signed, delta)
        steps.append({
            "name": name, "head": hexadecimal(signed), "delta": delta.hex(),
            "hash": author.position.head_hash.hex(), "live-digest": author.position.digest.hash().hex(),
            "statements": author.position.head.statements, "live-bytes": author.position.head.live_bytes})

    def refuse(name, fault, code, epoch=None, signer=None, changes=None, delta=None, given=None, **fields):
        changes = [put(f"refused {name}", listing().SerializeToString())] if changes is None else changes
        delta = author.delta(changes) if delta is None else delta
        signed = author.sign(author.head(delta, changes, epoch, **fields), signer)
        refused.append({
            "name": name, "after": len(steps), "head": hexadecimal(signed), "delta": (given or delta).hex(),
            "fault": fault, "code": code})

    plain = listing().SerializeToString()
    step("the first listing", [put("a", plain)])
    refuse("of another alliance", "link", "head-misplaced", alliance=seed("another"))
    refuse("of another coalition", "link", "head-misplaced", coalition="no")
    refuse("no coalition", "link", "head-unreadable", coalition="")
    refuse("a short hash", "link", "head-unreadable", live_digest=b"short")
    refuse("an epoch that no record here opens, of a record that is not here", "unknown", "record-unknown", epoch=3,
           record_hash=seed("record"))
    refuse("another key, of a record that is not here", "unknown", "record-unknown", signer=FOUNDERS["no"].signing[0],
           record_hash=seed("record"))
    refuse("an epoch that no record opens", "link", "head-epoch", epoch=3)
    refuse("signed by another coalition", "link", "head-signature", signer=FOUNDERS["no"].signing[0])
    refuse("signed by the identity key", "link", "head-signature", signer=se.identity)
    refuse("another suite", "coalition", "reader-too-old", suite=2)
    refuse("a later reader", "coalition", "reader-too-old", lowest_reader=2)
    refuse("a roster that is not here", "unknown", "roster-unknown", roster=2)
    refuse("another roster of that number", "coalition", "head-roster", roster_hash=seed("roster"))
    refuse("an index left out", "coalition", "head-gap", index=2)
    refuse("signed before the last one", "coalition", "head-time", signed_at=MILLISECONDS)
    refuse("another history", "coalition", "history-differs", history_root=sha256())
    refuse("a floor above the head", "coalition", "head-floor", floor_index=2)
    refuse("a floor in a later epoch", "coalition", "head-floor", floor_epoch=2)
    refuse("no floor", "coalition", "head-floor", floor_epoch=0)
    refuse("too many changes", "coalition", "delta-too-large", delta_changes=4097)
    refuse("too many bytes", "coalition", "delta-too-large", delta_bytes=(1 << 20) + 1)
    refuse("more statements than the quota", "coalition", "quota-exceeded", statements=10_000_001)
    refuse("more bytes than the quota", "coalition", "quota-exceeded", live_bytes=(4 << 30) + 1)
    refuse("another delta", "link", "delta-hash", given=author.delta([]))
    refuse("another size of the delta", "coalition", "delta-size", delta_bytes=1)
    refuse("another number of changes", "coalition", "delta-count", delta_changes=2)
    refuse("bytes that are no delta", "coalition", "delta-undecodable", delta=b"\xff")
    short_nonce = messages.ledger.Delta(nonce=b"short").SerializeToString()
    refuse("a short nonce", "coalition", "delta-malformed", delta=short_nonce)
    refuse("a short key", "coalition", "delta-malformed", changes=[(b"short", (bytes(16), plain))])
    refuse("a short salt", "coalition", "delta-malformed", changes=[(key("s"), (b"short", plain))])
    unsalted = messages.ledger.Delta(
        nonce=bytes(16), changes=[messages.ledger.Change(key=key("s"), statement=plain)]).SerializeToString()
    refuse("a statement without salt", "coalition", "delta-malformed", delta=unsalted)
    refuse("a key twice", "coalition", "delta-key-twice", changes=[put("t", plain), (key("t"), None)])
    refuse("a statement of 4,097 bytes", "coalition", "statement-too-large", changes=[put("l", bytes(4097))])
    refuse("another live digest", "coalition", "live-digest-differs", live_digest=sha256())
    refuse("another number of statements", "coalition", "live-counts-differ", statements=7)
    refuse("another number of bytes", "coalition", "live-counts-differ", live_bytes=7)
    step("replaced, and two more", [put("a", plain + LATER_FIELD), put("b", plain), put("b", b"", facet=2)])
    step("a sealed statement of 60,000 bytes", [put("c", bytes(range(250)) * 240, facet=4)])
    again = (key("b"), author.position.rows[key("b")])
    step("what is identical, and what is absent", [again, (key("absent"), None)])
    step("removed", [(key("a"), None)])
    last = author.position
    epoch_two = messages.alliance.SigningEpoch(
        number=2, suite=1, key=se.signing[1].public,
        continues=messages.alliance.EpochContinuation(
            epoch=1, index=last.head.index, head_hash=last.head_hash))
    record = se.next_record(ALLIANCE)
    record.epochs.append(epoch_two)
    second = se.sign(record)
    author.records.append(Record(second))
    refuse("epoch 2 does not begin at 0", "coalition", "epoch-gap", epoch=2, index=1)
    refuse("epoch 2 with the history of epoch 1", "coalition", "history-differs", epoch=2,
           history_root=ledger.history_root(last.hashes))
    refuse("epoch 2 signed with the key of epoch 1", "link", "head-signature", epoch=2, signer=se.signing[0])
    step("epoch 2 goes on", [put("d", plain)], epoch=2)
    refuse("a head of epoch 1", "link", "head-old", epoch=1)
    step("of an earlier record than before", [put("e", plain)], record_hash=object_hash(RECORD, se.first.body))
    step("of a record that a roster has ended", [put("f", plain)], record_hash=seed("record"))
    refused.append({
        **{name: steps[5][name] for name in ("head", "delta")}, "name": "epoch 2 for a reader that is behind",
        "after": 4, "fault": "coalition", "code": "epoch-gap"})
    return {
        "coalition": "se", "alliance-file": "alliance-file", "records": [hexadecimal(second)],
        "steps": steps, "refused": refused,
    }


def receipts():
    se, no = FOUNDERS["se"], FOUNDERS["no"]

    def entry(coalition, state=1, **fields):
        base = messages.ledger.ReceiptEntry(
            coalition=coalition, epoch=1, index=4, head_hash=seed(f"head {coalition}"), state=state)
        return changed(base, **fields)

    base = messages.ledger.Receipt(
        alliance=ALLIANCE, coalition="se", epoch=1, number=7, signed_at=MILLISECONDS,
        entries=[entry("no", 2), entry("se"), entry("us", 3)])

    def accepted(name, valid, signer=se.signing[0], **fields):
        message = changed(base, **fields)
        return {
            "name": name, "signed": hexadecimal(signer.sign(RECEIPT, message.SerializeToString())), "valid": valid,
            "coalition": message.coalition, "epoch": message.epoch, "number": message.number,
            "states": {one.coalition: one.state for one in message.entries}}

    def refused(name, body):
        return {
            "name": name, "code": "receipt-unreadable", "signed": hexadecimal(se.signing[0].sign(RECEIPT, body))}

    return {
        "alliance-file": "alliance-file",
        "accepted": [
            accepted("three positions", True), accepted("none applied", True, entries=[]),
            accepted("of another alliance", False, alliance=seed("another")),
            accepted("of an epoch that no record opens", False, epoch=2),
            accepted("signed by another coalition", False, no.signing[0]),
            accepted("signed by the identity key", False, se.identity),
        ],
        "refused": [
            refused("not a receipt", b"\xff"),
            refused("no coalition", changed(base, coalition="").SerializeToString()),
            refused("a short alliance id", changed(base, alliance=b"x").SerializeToString()),
            refused("an entry of no coalition", changed(base, entries=[entry("SE")]).SerializeToString()),
            refused("an entry of no head", changed(base, entries=[entry("se", head_hash=b"")]).SerializeToString()),
            refused("257 entries", changed(base, entries=[entry("se")] * 257).SerializeToString()),
        ],
    }
