"""Vectors of records, rosters, cards, alliance files and hash keys."""

import alliance
import messages
from alliance import armour, commitment, fingerprint
from founders import (
    ALLIANCE, FOUNDERS, HASH_KEY, LATER_FIELD, NAMES, NONCE, ROSTER_BODY, alliance_file, changed, hexadecimal,
    roster_message, sealed_key, seed)
from objects import RECORD, ROSTER, Signer, object_hash


def records():
    se = FOUNDERS["se"]
    first = se.record()
    epoch_two = messages.alliance.SigningEpoch(
        number=2, suite=1, key=se.signing[1].public,
        continues=messages.alliance.EpochContinuation(epoch=1, index=3, head_hash=seed("head")))
    second = se.next_record(ALLIANCE)
    second.epochs.append(epoch_two)

    def refused(case, code, record=None, signed=None, **fields):
        return {
            "name": case, "signed": hexadecimal(signed or se.sign(changed(record or first, **fields))), "code": code}

    wrong_signer = FOUNDERS["no"].identity.sign(RECORD, se.first.body)
    broken_epochs = changed(first, epochs=[epoch_two])
    malformed = [
        ("number 0", dict(number=0)), ("no coalition's id", dict(coalition="SE")),
        ("a name with a control character", dict(name="Demo\x1b[2JSweden")), ("no name", dict(name="")),
        ("a name of 121 bytes", dict(name="D" * 121)), ("a name with a direction mark", dict(name="Demo\u202eSweden")),
        ("a short identity key", dict(identity_key=bytes(31))), ("a short sealing key", dict(sealing_key=bytes(31))),
        ("a trust domain of one label", dict(trust_domain="sweden")),
        ("a trust domain in upper case", dict(trust_domain="Node.example")),
        ("no authority", dict(authorities=[])), ("65 authorities", dict(authorities=[b"x"] * 65)),
        ("65 endpoints", dict(endpoints=["node.se.example:7473"] * 65)),
        ("an endpoint without a port", dict(endpoints=["node.se.example"])),
        ("port 0", dict(endpoints=["node.se.example:0"])),
        ("IPv6 without brackets", dict(endpoints=["2001:db8::1:7473"])),
        ("a contact of 257 bytes", dict(contact="c" * 257)), ("record 1 names an alliance", dict(alliance=ALLIANCE)),
    ]

    def follower(name, code, record):
        return {"name": name, "signed": hexadecimal(se.sign(record)), "code": code}

    another_identity = se.next_record(ALLIANCE, identity_key=FOUNDERS["no"].identity.public)
    changed_epochs = se.next_record(ALLIANCE)
    changed_epochs.epochs[0].key = se.signing[1].public
    return {
        "alliance": ALLIANCE.hex(),
        "accepted": [
            {
                "name": name, "signed": hexadecimal(signed), "hash": object_hash(RECORD, signed.body).hex(),
                "coalition": message.coalition, "number": message.number, "epochs": len(message.epochs),
                "fingerprint": alliance.identity_fingerprint(message.coalition, message.identity_key),
                "usual-trust-domain": alliance.usual_trust_domain(message.coalition, message.identity_key),
            }
            for name, message, signed in [
                *((f"record 1 of {f.coalition}", f.record(), f.first) for f in FOUNDERS.values()),
                ("record 2 opens epoch 2", second, se.sign(second)),
                ("a field of a later version", first, se.identity.sign(RECORD, se.first.body + LATER_FIELD)),
            ]
        ],
        "refused": [
            refused("not signed by its identity key", "record-signature", signed=wrong_signer),
            refused("no signature", "record-signature", signed=messages.signed.Signed(body=se.first.body)),
            refused("not a record", "record-unreadable", signed=se.identity.sign(RECORD, b"\xff")),
            refused("epochs begin with 2", "record-malformed", broken_epochs),
            refused("record 2 names no alliance", "record-malformed", second, alliance=b""),
            *(refused(name, "record-malformed", **fields) for name, fields in malformed),
        ],
        "followers": [
            follower("record 2 after record 1", None, second),
            follower("another alliance", "record-order", se.next_record(seed("another"))),
            follower("a number left out", "record-order", se.next_record(ALLIANCE, number=3)),
            follower("another record before it", "record-order", se.next_record(ALLIANCE, previous=seed("x"))),
            follower("another trust domain", "record-changes-identity",
                     se.next_record(ALLIANCE, trust_domain="other.example")),
            {"name": "another identity key", "code": "record-changes-identity",
             "signed": hexadecimal(FOUNDERS["no"].identity.sign(RECORD, another_identity.SerializeToString()))},
            follower("another key in epoch 1", "record-epochs", changed_epochs),
        ],
    }


def rosters():
    message = roster_message()

    def signed(body, signers=NAMES, first=()):
        return messages.signed.Signed(
            body=body, signatures=[*first, *(FOUNDERS[one].identity.signature(ROSTER, body) for one in signers)])

    def accepted(name, signed, signers):
        return {
            "name": name, "signed": hexadecimal(signed), "alliance": object_hash(ROSTER, signed.body).hex(),
            "fingerprint": fingerprint(object_hash(ROSTER, signed.body)), "signers": list(signers),
            "in-force": list(signers) == list(NAMES)}

    stranger = Signer(seed("stranger")).signature(ROSTER, ROSTER_BODY)
    wrong = FOUNDERS["se"].identity.signature(RECORD, ROSTER_BODY)
    unnamed = FOUNDERS["se"].identity.signature(ROSTER, ROSTER_BODY)
    unnamed.algorithm = 0
    members = list(message.members)

    def refused(case, code="roster-malformed", **fields):
        body = changed(message, **fields).SerializeToString()
        return {"name": case, "code": code, "signed": hexadecimal(signed(body))}

    def with_member(**fields):
        return [changed(members[0], **fields), *members[1:]]

    key = message.hash_keys[0]
    return {
        "accepted": [
            accepted("signed by all", signed(ROSTER_BODY), NAMES),
            accepted("signed by two", signed(ROSTER_BODY, ["se", "us"]), ["se", "us"]),
            accepted("signed by nobody", signed(ROSTER_BODY, []), []),
            accepted("a stranger's signature counts for nobody", signed(ROSTER_BODY, ["no"], [stranger]), ["no"]),
            accepted("a signature over another type is none", signed(ROSTER_BODY, ["no"], [wrong]), ["no"]),
            accepted("a signature without algorithm is none", signed(ROSTER_BODY, ["no"], [unnamed]), ["no"]),
            accepted("the wrong one of two is ignored", signed(ROSTER_BODY, NAMES, [wrong]), NAMES),
            accepted("the 65th signature is not looked at", signed(ROSTER_BODY, ["no"], [stranger] * 64), []),
            accepted("a field of a later version", signed(ROSTER_BODY + LATER_FIELD), NAMES),
        ],
        "refused": [
            {"name": "not a roster", "code": "roster-unreadable", "signed": hexadecimal(signed(b"\xff"))},
            refused("roster 2", number=2), refused("names an alliance", alliance=ALLIANCE),
            refused("names a roster before it", previous=ALLIANCE), refused("no name", name=""),
            refused("no purpose", purpose=0), refused("a purpose of a later version", purpose=4),
            refused("no members", members=[]), refused("not sorted", members=members[::-1]),
            refused("a member twice", members=[members[0], *members]),
            refused("a shared trust domain", members=with_member(trust_domain=members[1].trust_domain)),
            refused("a shared identity key", members=with_member(identity_key=members[1].identity_key)),
            refused("a member without record", members=with_member(record_number=0)),
            refused("a member without name", members=with_member(name="")),
            refused("a short record hash", members=with_member(record_hash=b"x")),
            refused("no hash key", hash_keys=[]),
            refused("hash keys begin with 2", hash_keys=[changed(key, key_epoch=2)]),
            refused("a hash key of another suite", hash_keys=[changed(key, suite=2)]),
            refused("a short commitment", hash_keys=[changed(key, commitment=b"x")]),
        ],
    }


def cards():
    def card(signed):
        return armour(alliance.CARD, messages.alliance.CoalitionCard(record=signed).SerializeToString())

    se = FOUNDERS["se"]
    return {
        "accepted": [
            {
                "text": card(founder.first), "coalition": founder.coalition,
                "record-hash": object_hash(RECORD, founder.first.body).hex(),
                "fingerprint": alliance.identity_fingerprint(founder.coalition, founder.identity.public),
            }
            for founder in FOUNDERS.values()
        ],
        "refused": [
            {"name": "not armoured", "text": "se", "code": "not-armoured"},
            {"name": "an alliance file", "text": alliance_file(NAMES), "code": "wrong-file"},
            {"name": "not a card", "text": armour(alliance.CARD, b"\xff"), "code": "card-unreadable"},
            {"name": "a later record", "text": card(se.sign(se.next_record(ALLIANCE))), "code": "card-order"},
            {"name": "signed by another", "code": "record-signature",
             "text": card(FOUNDERS["no"].identity.sign(RECORD, se.first.body))},
        ],
    }


def alliance_files():
    stranger = Signer(seed("stranger")).signature(ROSTER, ROSTER_BODY)
    broken = FOUNDERS["us"].identity.signature(ROSTER, ROSTER_BODY)
    broken.bytes = bytes(64)
    se = FOUNDERS["se"]
    other = changed(roster_message(), name="Another alliance").SerializeToString()
    without_se = [founder.first for founder in FOUNDERS.values() if founder.coalition != "se"]
    another_se = se.sign(changed(se.record(), name="Other Sweden"))
    return {
        "alliance": ALLIANCE.hex(),
        "fingerprint": fingerprint(ALLIANCE),
        "complete": alliance_file(NAMES),
        "accepted": [
            {"name": name, "text": text, "signers": signers, "dropped": dropped}
            for name, text, signers, dropped in [
                ("complete", alliance_file(NAMES), list(NAMES), 0),
                ("signed by one", alliance_file(["no"]), ["no"], 0),
                ("signed by two others", alliance_file(["us", "se"]), ["se", "us"], 0),
                ("a stranger signs", alliance_file(["no"], [stranger]), ["no"], 1),
                ("a signature that is not valid", alliance_file(["no"], [broken]), ["no"], 1),
            ]
        ],
        "merged": [
            {"name": name, "texts": texts, "signers": signers, "code": code}
            for name, texts, signers, code in [
                ("one and two", [alliance_file(["no"]), alliance_file(["us", "se"])], list(NAMES), None),
                ("two and one", [alliance_file(["us", "se"]), alliance_file(["no"])], list(NAMES), None),
                ("overlapping", [alliance_file(["se", "no"]), alliance_file(["no"])], ["no", "se"], None),
                ("two alliances", [alliance_file(["no"]), alliance_file(["no"], body=other)], [], "another-alliance"),
            ]
        ],
        "refused": [
            {"name": name, "text": text, "code": code}
            for name, text, code in [
                ("not an alliance file", armour(alliance.ALLIANCE, b"\xff"), "alliance-unreadable"),
                ("a record is missing", alliance_file(NAMES, records=without_se), "alliance-records"),
                ("another record than the pinned one", alliance_file(NAMES, records=[*without_se, another_se]),
                 "alliance-records"),
                ("a hash key is missing", alliance_file(NAMES, keys=[sealed_key("se"), sealed_key("no")]),
                 "alliance-keys"),
            ]
        ],
    }


def hash_keys():
    sealed = sealed_key("no")
    return {
        "alliance": ALLIANCE.hex(), "key-epoch": 1, "recipient": "no", "sealing-key": FOUNDERS["no"].sealing_seed.hex(),
        "nonce": NONCE.hex(), "key": HASH_KEY.hex(), "commitment": commitment(1, NONCE, HASH_KEY).hex(),
        "encapsulated-key": sealed.encapsulated_key.hex(), "ciphertext": sealed.ciphertext.hex(),
    }
