"""Rows, statements, deltas, live digest, history and heads, by sections 3 to 6 of the contract."""

import re
import struct

import messages
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from objects import DELTA, HEAD, Refused, is_signed, object_hash, sha256


def leaf(key, salt, statement):
    return sha256(b"\0", key, salt, statement)


def history_root(hashes):
    """The recursive definition of RFC 9162, section 2.1.1."""
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return sha256(b"\0", hashes[0])
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1", history_root(hashes[:split]), history_root(hashes[split:]))


class LiveDigest:
    """1,024 lanes of 16 bits."""

    def __init__(self, lanes=(0,) * 1024):
        self.lanes = lanes

    def changed(self, leaf, sign):
        """With the leaf's expansion added (1) or subtracted (-1)."""
        # The library takes the block counter and the nonce as one value.
        cipher = Cipher(algorithms.ChaCha20(leaf, struct.pack("<L", 0) + b"vaka/live/1\0"), mode=None)
        stream = struct.unpack("<1024H", cipher.encryptor().update(bytes(2048)))
        return LiveDigest(tuple((lane + sign * value) & 0xFFFF for lane, value in zip(self.lanes, stream)))

    def hash(self):
        return sha256(struct.pack("<1024H", *self.lanes))


MESSAGES = {1: messages.statement.Listing, 2: messages.statement.Sighting, 3: messages.statement.Dispute}


def unknown(message, field):
    """Zero is missing, a number that version 1 does not name is unknown."""
    value = getattr(message, field)
    if value == 0:
        return "missing-field"
    names = message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number
    return None if value in names else "unknown-value"


def reason_to_quarantine(facet, statement):
    """Why a statement does not count; None if it does."""
    if facet not in MESSAGES:
        return "unknown-kind"
    message = messages.parse(MESSAGES[facet], statement)
    if message is None:
        return "undecodable"
    if facet == 2:
        fits = len(message.months) <= 24 and message.key_epoch > 0
        return unknown(message, "type") if fits else "bad-field"
    if facet == 3:
        fits = message.key_epoch > 0
        return unknown(message, "type") or unknown(message, "ground") if fits else "bad-field"
    if 0 in (message.key_epoch, message.normaliser, message.valid_until, message.valid_from):
        return "missing-field"
    for field in ("type", "reason", "role", "provenance", "handling"):
        if unknown(message, field):
            return unknown(message, field)
    if message.handling not in (1, 2):
        return "unsealed-handling"
    if not 0 <= message.valid_until - message.valid_from <= 1830:
        return "bad-validity"
    if (
        message.confidence > 100
        or len(message.group) not in (0, 16)
        or len(message.previous_digest) not in (0, 32)
        or not re.fullmatch("([A-Z]{2})?", message.country)
        or not re.fullmatch("[A-Za-z0-9._/-]{0,32}", message.case_reference)
    ):
        return "bad-field"
    return None


def read_delta(data):
    """The changes of a delta that a signed head names: (key, salt, statement), a remove with salt None."""

    def refuse(code):
        raise Refused(code, "coalition")

    if len(data) > 1 << 20:
        refuse("delta-too-large")
    delta = messages.parse(messages.ledger.Delta, data)
    if delta is None:
        refuse("delta-undecodable")
    if len(delta.nonce) != 16:
        refuse("delta-malformed")
    if len(delta.changes) > 4096:
        refuse("delta-too-large")
    changes = {}
    for change in delta.changes:
        if len(change.key) != 33 or len(change.salt) not in (0, 16) or (change.statement and not change.salt):
            refuse("delta-malformed")
        if len(change.statement) > (65536 if change.key[0] == 4 else 4096):
            refuse("statement-too-large")
        if change.key in changes:
            refuse("delta-key-twice")
        changes[change.key] = (change.salt, change.statement) if change.salt else None
    return changes


class Position:
    """All that one coalition states, and what its next head is checked against."""

    def __init__(self, coalition):
        self.coalition = coalition
        self.head = None
        self.head_hash = None
        self.hashes = []
        self.rows = {}
        self.digest = LiveDigest()

    def check(self, signed, alliance, rosters, records):
        """What can be said before the delta is fetched.

        rosters: roster hash by number, with this coalition's quota; records: the coalition's records, ascending.
        """

        def link(code):
            raise Refused(code, "link")

        def broken(code):
            raise Refused(code, "coalition")

        head = messages.parse(messages.ledger.Head, signed.body)
        names = ("alliance", "history_root", "delta_hash", "live_digest", "roster_hash", "record_hash")
        if head is None or any(len(getattr(head, name)) != 32 for name in names):
            link("head-unreadable")
        if not re.fullmatch("[a-z]{2}", head.coalition):
            link("head-unreadable")
        if head.alliance != alliance or head.coalition != self.coalition:
            link("head-misplaced")
        epochs = {epoch.number: epoch for epoch in records[-1].message.epochs}
        # Another record may open an epoch of this number with another key.
        is_named = head.record_hash in {record.hash for record in records}
        for code, holds in (
            ("head-epoch", lambda: head.epoch in epochs),
            ("head-signature", lambda: is_signed(HEAD, signed, epochs[head.epoch].key)),
        ):
            if not holds():
                raise Refused(code, "link") if is_named else Refused("record-unknown", "unknown")
        if head.suite != 1 or head.lowest_reader > 1:
            broken("reader-too-old")
        if head.roster not in rosters:
            raise Refused("roster-unknown", "unknown")
        roster_hash, quota = rosters[head.roster]
        if head.roster_hash != roster_hash:
            broken("head-roster")
        if head.floor_epoch < 1 or (head.floor_epoch, head.floor_index) > (head.epoch, head.index):
            broken("head-floor")
        if head.delta_changes > 4096 or head.delta_bytes > 1 << 20:
            broken("delta-too-large")
        if head.statements > quota.statements or head.live_bytes > quota.live_bytes:
            broken("quota-exceeded")
        last = self.head
        if last and head.epoch < last.epoch:
            link("head-old")
        if last and head.epoch == last.epoch:
            if head.index != last.index + 1:
                broken("head-gap")
            if head.signed_at < last.signed_at:
                broken("head-time")
            hashes = self.hashes
        else:
            epoch = epochs[head.epoch]
            follows = epoch.continues if epoch.HasField("continues") else None
            ours = (last.epoch, last.index, self.head_hash) if last else None
            theirs = (follows.epoch, follows.index, follows.head_hash) if follows else None
            if head.index != 0 or ours != theirs:
                broken("epoch-gap")
            hashes = []
        if head.history_root != history_root(hashes):
            broken("history-differs")
        if last and head.roster < last.roster:
            broken("head-goes-back")
        return head, hashes

    def apply(self, signed, delta, alliance, rosters, records):
        """Takes one head with its delta, or raises Refused and stays as it was."""
        head, hashes = self.check(signed, alliance, rosters, records)
        if object_hash(DELTA, delta) != head.delta_hash:
            raise Refused("delta-hash", "link")
        if len(delta) != head.delta_bytes:
            raise Refused("delta-size", "coalition")
        changes = read_delta(delta)
        if len(changes) != head.delta_changes:
            raise Refused("delta-count", "coalition")
        rows, digest = dict(self.rows), self.digest
        for key, value in changes.items():
            stored = rows.pop(key, None)
            if stored:
                digest = digest.changed(leaf(key, *stored), -1)
            if value:
                rows[key] = value
                digest = digest.changed(leaf(key, *value), 1)
        if digest.hash() != head.live_digest:
            raise Refused("live-digest-differs", "coalition")
        if len(rows) != head.statements or sum(49 + len(row[1]) for row in rows.values()) != head.live_bytes:
            raise Refused("live-counts-differ", "coalition")
        self.head, self.head_hash = head, object_hash(HEAD, signed.body)
        self.hashes = hashes + [self.head_hash]
        self.rows, self.digest = rows, digest
