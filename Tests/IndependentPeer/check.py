"""Works out what every vector file says and compares; prints one line a file and every difference."""

import json

import alliance
import governance
import ledger
import messages
from alliance import AllianceFile, Record, Roster
from objects import DELTA, PROMISE, VOTE, Refused, encoding, object_hash, sha256


def hexbytes(text):
    return bytes.fromhex(text)


def read(folder, name):
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def signed(text):
    return messages.signed.Signed.FromString(hexbytes(text))


def outcome(work):
    """The code with which something is refused; None if it is not."""
    try:
        work()
        return None
    except Refused as refused:
        return refused.code


def pre_authentication(vectors, expect):
    for case in vectors["cases"]:
        body = hexbytes(case["body"])
        expect(case["type"], encoding(case["type"], body).hex(), case["encoding"])
        expect(case["type"], object_hash(case["type"], body).hex(), case["hash"])


def row(vector):
    return tuple(hexbytes(vector[name]) for name in ("key", "salt", "statement"))


def live_digest(vectors, expect):
    for case in vectors["cases"]:
        leaves = [ledger.leaf(*row(one)) for one in case["rows"]]
        expect(case["name"], [one.hex() for one in leaves], case["leaves"])
        digest = ledger.LiveDigest()
        for one in leaves:
            digest = digest.changed(one, 1)
        expect(case["name"], digest.hash().hex(), case["digest"])


def history_root(vectors, expect):
    heads = [hexbytes(head) for head in vectors["heads"]]
    for size, root in enumerate(vectors["roots"]):
        expect(f"{size} heads", ledger.history_root(heads[:size]).hex(), root)


def delta(vectors, expect):
    key, salt, statement = row(vectors["put"])
    changes = [
        messages.ledger.Change(key=key, salt=salt, statement=statement),
        messages.ledger.Change(key=hexbytes(vectors["remove"])),
    ]
    made = messages.ledger.Delta(nonce=hexbytes(vectors["nonce"]), changes=changes).SerializeToString()
    expect("bytes", made.hex(), vectors["bytes"])
    expect("hash", object_hash(DELTA, made).hex(), vectors["hash"])
    expect("read", ledger.read_delta(made), {key: (salt, statement), changes[1].key: None})


def statement(vectors, expect):
    for case in vectors["cases"]:
        expect(case["name"], ledger.reason_to_quarantine(case["facet"], hexbytes(case["bytes"])), case["reason"])


def record(vectors, expect):
    for case in vectors["accepted"]:
        one = Record(signed(case["signed"]))
        message = one.message
        expect(case["name"], one.hash.hex(), case["hash"])
        expect(case["name"], [message.coalition, message.number, len(message.epochs)],
               [case["coalition"], case["number"], case["epochs"]])
        expect(case["name"], alliance.identity_fingerprint(message.coalition, message.identity_key),
               case["fingerprint"])
        expect(case["name"], alliance.usual_trust_domain(message.coalition, message.identity_key),
               case["usual-trust-domain"])
    for case in vectors["refused"]:
        expect(case["name"], outcome(lambda: Record(signed(case["signed"]))), case["code"])
    first = next(Record(signed(case["signed"])) for case in vectors["accepted"] if case["coalition"] == "se")
    for case in vectors["followers"]:
        follower = Record(signed(case["signed"]))
        follows = outcome(lambda: first.check_follower(follower, hexbytes(vectors["alliance"])))
        expect(case["name"], follows, case["code"])


def roster(vectors, expect):
    for case in vectors["accepted"]:
        one = Roster(signed(case["signed"]))
        expect(case["name"], one.hash.hex(), case["alliance"])
        expect(case["name"], alliance.fingerprint(one.hash), case["fingerprint"])
        expect(case["name"], one.signers, case["signers"])
        expect(case["name"], len(one.signers) == len(one.message.members), case["in-force"])
    for case in vectors["refused"]:
        expect(case["name"], outcome(lambda: Roster(signed(case["signed"]))), case["code"])


def roster_chain(vectors, expect):
    chain = governance.Chain(AllianceFile(vectors["alliance-file"]).roster)

    def bundle(text):
        return messages.alliance.RosterBundle.FromString(hexbytes(text))

    for number, step in enumerate([None, *vectors["chain"]]):
        if step:
            expect(step["number"], outcome(lambda: chain.append(bundle(step["bundle"]))), None)
            expect(step["number"], chain.newest.hash.hex(), step["hash"])
            expect(step["number"], [member.coalition for member in chain.newest.message.members], step["members"])
        for case in (case for case in vectors["cases"] if case["after"] == number):
            copy = governance.Chain(chain.rosters[0])
            copy.rosters = list(chain.rosters)
            expect(case["name"], outcome(lambda: copy.append(bundle(case["bundle"]))), case["code"])


def roster_statement(vectors, expect):
    election = governance.Election(governance.Chain(AllianceFile(vectors["alliance-file"]).roster))
    proposed = Roster(messages.signed.Signed(body=hexbytes(vectors["roster"])))
    for case in vectors["promises"]:
        expect(case["name"], outcome(lambda: election.read_promise(signed(case["signed"]))), case["code"])
        expect(case["name"], object_hash(PROMISE, signed(case["signed"]).body).hex(), case["hash"])
    for case in vectors["votes"]:
        expect(case["name"], outcome(lambda: election.read_vote(signed(case["signed"]), proposed)), case["code"])
        expect(case["name"], object_hash(VOTE, signed(case["signed"]).body).hex(), case["hash"])

    def statement(shown):
        vote = ((shown["vote-round"], "no"), hexbytes(shown["vote"])) if shown["vote"] else None
        return ("promise", (shown["promise"], "no"), vote) if shown["promise"] else ("vote", vote)

    for case in vectors["contradictions"]:
        proof = governance.contradict(statement(case["first"]), statement(case["second"]))
        expect(str(case), proof, case["proof"])


def roster_decision(vectors, expect):
    for members, size in vectors["quorums"].items():
        expect(members, governance.quorum(int(members)), size)

    rosters = {number: sha256(bytes([number])) for number in (1, 2, 3)}

    def choice(text):
        return (text[0], text[1]), rosters[text[2]]

    for number, case in enumerate(vectors["cases"]):
        promises = [
            (one["member"], tuple(one["round"]), choice(one["latest"]) if one["latest"] else None)
            for one in case["promises"]]
        proposals = [choice(one) for one in case["proposals"]]
        allowed = governance.allowed(case["members"], (1, "aa"), promises, proposals)
        expect(number, sorted(allowed), sorted(choice(one) for one in case["allowed"]))
        free, repeats = governance.answer(case["members"], (1, "aa"), promises, allowed, tuple(case["round"]))
        expect(number, [free, repeats], [case["free"], {rosters[one] for one in case["repeats"]}])


def card(vectors, expect):
    for case in vectors["accepted"]:
        one = alliance.read_card(case["text"])
        expect(case["coalition"], one.message.coalition, case["coalition"])
        expect(case["coalition"], one.hash.hex(), case["record-hash"])
        expect(case["coalition"], alliance.identity_fingerprint(one.message.coalition, one.message.identity_key),
               case["fingerprint"])
    for case in vectors["refused"]:
        expect(case["name"], outcome(lambda: alliance.read_card(case["text"])), case["code"])


def alliance_file(vectors, expect):
    for case in vectors["accepted"]:
        file = AllianceFile(case["text"])
        expect(case["name"], file.roster.signers, case["signers"])
        expect(case["name"], file.dropped, case["dropped"])
        expect(case["name"], file.roster.hash.hex(), vectors["alliance"])
    expect("fingerprint", alliance.fingerprint(hexbytes(vectors["alliance"])), vectors["fingerprint"])
    for case in vectors["merged"]:
        first, second = map(AllianceFile, case["texts"])
        expect(case["name"], outcome(lambda: first.merged_signers(second)), case["code"])
        if not case["code"]:
            expect(case["name"], first.merged_signers(second), case["signers"])
    for case in vectors["refused"]:
        expect(case["name"], outcome(lambda: AllianceFile(case["text"])), case["code"])


def hash_key(vectors, expect):
    fields = {name: hexbytes(vectors[name]) for name in ("alliance", "sealing-key", "commitment", "nonce", "key")}
    sealed = messages.alliance.SealedHashKey(
        recipient=vectors["recipient"], key_epoch=vectors["key-epoch"],
        encapsulated_key=hexbytes(vectors["encapsulated-key"]), ciphertext=hexbytes(vectors["ciphertext"]))
    private, committed = fields["sealing-key"], fields["commitment"]
    expect("commitment", alliance.commitment(vectors["key-epoch"], fields["nonce"], fields["key"]), committed)
    expect("opened", alliance.open_hash_key(sealed, private, fields["alliance"], committed), fields["key"])
    for name, arguments, code in [
        ("another alliance", (sealed, private, bytes(32), committed), "hash-key-sealed"),
        ("another key", (sealed, bytes(31) + b"\1", fields["alliance"], committed), "hash-key-sealed"),
        ("another commitment", (sealed, private, fields["alliance"], bytes(32)), "hash-key-commitment"),
    ]:
        expect(name, outcome(lambda: alliance.open_hash_key(*arguments)), code)


def head(vectors, expect, folder):
    file = AllianceFile(read(folder, vectors["alliance-file"])["complete"])
    coalition = vectors["coalition"]
    records = [file.records[coalition]]
    for text in vectors["records"]:
        following = Record(signed(text))
        records[-1].check_follower(following, file.roster.hash)
        records.append(following)
    Record.check_size(records)
    rosters = {1: (file.roster.hash, file.roster.member(coalition).quota)}
    position = ledger.Position(coalition)

    def apply(case):
        position.apply(signed(case["head"]), hexbytes(case["delta"]), file.roster.hash, rosters, records)

    for number, step in enumerate([None, *vectors["steps"]]):
        if step:
            apply(step)
            expect(step["name"], position.head_hash.hex(), step["hash"])
            expect(step["name"], position.digest.hash().hex(), step["live-digest"])
            expect(step["name"], [position.head.statements, position.head.live_bytes],
                   [step["statements"], step["live-bytes"]])
        for case in (case for case in vectors["refused"] if case["after"] == number):
            try:
                apply(case)
                expect(case["name"], None, case["code"])
            except Refused as refused:
                expect(case["name"], [refused.fault, refused.code], [case["fault"], case["code"]])


def receipt(vectors, expect, folder):
    file = AllianceFile(read(folder, vectors["alliance-file"])["complete"])
    for case in vectors["accepted"]:
        one = signed(case["signed"])
        message = alliance.read_receipt(one)
        expect(case["name"], [message.coalition, message.epoch, message.number],
               [case["coalition"], case["epoch"], case["number"]])
        expect(case["name"], {entry.coalition: entry.state for entry in message.entries}, case["states"])
        valid = alliance.receipt_is_valid(one, file.roster.hash, file.records[message.coalition])
        expect(case["name"], valid, case["valid"])
    for case in vectors["refused"]:
        expect(case["name"], outcome(lambda: alliance.read_receipt(signed(case["signed"]))), case["code"])


def indicator_digest(vectors, expect):
    numbers = messages.statement.IndicatorType
    for case in vectors:
        name = "INDICATOR_TYPE_" + case["type"].upper().replace("-", "_")
        expect(case["value"], numbers.Value(name), case["type-number"])
        message, digest = alliance.indicator_digest(
            hexbytes(case["hash-key"]), case["type-number"], case["normaliser"], case["scheme"], case["value"])
        expect(case["value"], [message.hex(), digest.hex()], [case["message"], case["digest"]])


PLAIN = {
    "pre-authentication": pre_authentication, "live-digest": live_digest, "history-root": history_root, "delta": delta,
    "statement": statement, "record": record, "roster": roster, "roster-chain": roster_chain,
    "roster-statement": roster_statement, "roster-decision": roster_decision, "card": card, "alliance-file": alliance_file,
    "hash-key": hash_key, "indicator-digest": indicator_digest,
}
WITH_ALLIANCE = {"head": head, "receipt": receipt}


def check(folder):
    """Whether everything agrees."""
    failures = 0
    for name, work in [*PLAIN.items(), *WITH_ALLIANCE.items()]:
        vectors = read(folder, name)
        counts = {True: 0, False: 0}

        def expect(case, found, expected):
            counts[found == expected] += 1
            if found != expected:
                print(f"{name}: {case}: worked out {found!r}, the vector says {expected!r}")

        work(vectors, expect, folder) if name in WITH_ALLIANCE else work(vectors, expect)
        print(f"{name}: {counts[True]} agree, {counts[False]} differ")
        failures += counts[False] + (not counts[True])
    return failures == 0
