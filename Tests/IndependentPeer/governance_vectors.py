"""Vectors of later rosters, promises and votes, and of what may be voted for."""

import itertools
import random

import alliance
import governance
import messages
from founders import ALLIANCE, FOUNDERS, LATER_FIELD, NAMES, alliance_file, changed, hexadecimal, roster_message, seed
from objects import PROMISE, ROSTER, VOTE, Signer, object_hash, sha256

WORDS = messages.alliance
NEWCOMER, REPLACED = Signer(seed("identity dk")), Signer(seed("another identity se"))
IDENTITIES = {**{one: founder.identity for one, founder in FOUNDERS.items()}, "dk": NEWCOMER}


def next_message(before, **fields):
    """The roster after this one, as it is but for these fields."""
    alliance_id = before.alliance or object_hash(ROSTER, before.SerializeToString())
    follows = {
        "alliance": alliance_id, "number": before.number + 1,
        "previous": object_hash(ROSTER, before.SerializeToString())}
    return changed(before, **{**follows, **fields})


def newcomer():
    return WORDS.RosterMember(
        coalition="dk", name="Demo Denmark", identity_key=NEWCOMER.public,
        trust_domain=alliance.usual_trust_domain("dk", NEWCOMER.public), record_number=1, record_hash=seed("record dk"),
        quota=WORDS.Quota(statements=1_000, live_bytes=1 << 20))


def admitting(before):
    return next_message(before, members=sorted([*before.members, newcomer()], key=lambda member: member.coalition))


def hash_key(before):
    return WORDS.HashKeyCommitment(key_epoch=len(before.hash_keys) + 1, suite=1, commitment=seed("next hash key"))


def removing(before, coalition, last_epoch=2):
    return next_message(
        before, members=[member for member in before.members if member.coalition != coalition],
        retired=[*before.retired, WORDS.RetiredCoalition(coalition=coalition, last_epoch=last_epoch)],
        hash_keys=[*before.hash_keys, hash_key(before)])


def vote(coalition, body, round=(1, "no"), signers=None, **fields):
    message = messages.parse(WORDS.Roster, body)
    made = WORDS.RosterVote(
        alliance=ALLIANCE, roster=message.number, previous=message.previous, coalition=coalition,
        round=WORDS.RosterRound(number=round[0], proposer=round[1]), proposal=object_hash(ROSTER, body))
    return signed(VOTE, changed(made, **fields).SerializeToString(), signers or [IDENTITIES[coalition]])


def signed(kind, body, signers):
    return messages.signed.Signed(body=body, signatures=[signer.signature(kind, body) for signer in signers])


def bundle(body, votes):
    return WORDS.RosterBundle(roster=messages.signed.Signed(body=body), votes=votes)


def votes(body, voters, round=(1, "no")):
    return [vote(one, body, round) for one in voters]


def rosters_later():
    first = roster_message()
    second = admitting(first)
    third = removing(second, "us")
    bodies = [message.SerializeToString() for message in (second, third)]
    chain = [
        bundle(bodies[0], votes(bodies[0], ["no", "se", "us"])),
        # The turn of roster 3 is the second member's of roster 2, dk, no, se and us.
        bundle(bodies[1], votes(bodies[1], ["dk", "no", "se"], (1, "no"))),
    ]

    def case(name, code, after, body, cast=None):
        """After so many later rosters, decided by everybody unless other votes are given."""
        message = messages.parse(WORDS.Roster, body)
        before = [first, second, third][after]
        turn = before.members[(before.number - 1) % len(before.members)].coalition
        everybody = sorted({m.coalition for m in [*before.members, *message.members]} & IDENTITIES.keys())
        cast = votes(body, everybody, (1, turn)) if cast is None else cast
        return {"name": name, "after": after, "code": code, "bundle": hexadecimal(bundle(body, cast))}

    def changes(case_name, code, after, **fields):
        return case(case_name, code, after, next_message([first, second, third][after], **fields).SerializeToString())

    def members(before, position, **fields):
        return [changed(m, **fields) if at == position else m for at, m in enumerate(before.members)]

    replaced = next_message(first, members=members(first, 1, identity_key=REPLACED.public)).SerializeToString()
    two_rounds = [vote("no", bodies[0]), vote("se", bodies[0], (2, "se")), vote("us", bodies[0], (2, "se"))]
    gone = next_message(third, members=sorted(
        [*third.members, changed(first.members[2], record_number=4, record_hash=seed("record 4"))],
        key=lambda member: member.coalition))
    cases = [
        case("two of three old members, three of four new ones", None, 0, bodies[0], votes(bodies[0], ["no", "se", "dk"])),
        case("two of four new members", "roster-not-in-force", 0, bodies[0], votes(bodies[0], ["no", "se"])),
        case("one of three old members", "roster-not-in-force", 0, bodies[0], votes(bodies[0], ["no", "dk"])),
        case("votes of two rounds", "roster-not-in-force", 0, bodies[0], two_rounds),
        case("votes of a later round", None, 0, bodies[0], votes(bodies[0], ["no", "se", "us"], (2, "se"))),
        case("a round 1 of somebody whose turn it is not", "roster-not-in-force", 0, bodies[0],
             votes(bodies[0], ["no", "se", "us"], (1, "se"))),
        case("round 65", "roster-not-in-force", 0, bodies[0], votes(bodies[0], ["no", "se", "us"], (65, "se"))),
        case("a round of a stranger", "roster-not-in-force", 0, bodies[0], votes(bodies[0], ["no", "se", "us"], (2, "dk"))),
        case("a vote twice", "roster-not-in-force", 0, bodies[0], votes(bodies[0], ["no", "no", "dk"])),
        case("a vote that somebody else signed", "roster-not-in-force", 0, bodies[0],
             [*votes(bodies[0], ["no", "dk"]), vote("se", bodies[0], signers=[IDENTITIES["us"]])]),
        case("votes for another roster", "roster-not-in-force", 0, bodies[0], votes(replaced, ["no", "se", "us"])),
        case("a vote that cannot be read is no vote", None, 0, bodies[0],
             [messages.signed.Signed(body=b"\xff"), *votes(bodies[0], ["no", "se", "us"])]),
        case("fields of a later version", None, 0, bodies[0] + LATER_FIELD),
        case("a new identity key, voted for by the others", None, 0, replaced, votes(replaced, ["no", "us"])),
        case("the new key counts for the new roster", "roster-not-in-force", 0, replaced,
             [*votes(replaced, ["no"]), vote("se", replaced, signers=[REPLACED])]),
        case("the old key counts for the old roster", "roster-not-in-force", 0, replaced, votes(replaced, ["no", "se"])),
        case("both keys count for both", None, 0, replaced,
             [*votes(replaced, ["no"]), vote("se", replaced, signers=[IDENTITIES["se"], REPLACED])]),
        changes("another alliance", "roster-order", 0, alliance=seed("another")),
        case("a number left out", "roster-order", 0, changed(second, number=3).SerializeToString()),
        case("another roster before it", "roster-order", 0, changed(second, previous=seed("x")).SerializeToString()),
        changes("another purpose", "roster-order", 0, purpose=1),
        changes("issued before", "roster-order", 0, issued_at=first.issued_at - 1),
        changes("another name", None, 0, name="New name"),
        changes("a later pin", None, 0, members=members(first, 0, record_number=2, record_hash=seed("record 2"))),
        changes("another pin", "roster-pin", 0, members=members(first, 0, record_hash=seed("record 2"))),
        case("no quota", "roster-quota", 0, no_quota(first)),
        changes("a trust domain that changes hands", "roster-reuse", 0, members=[
            changed(first.members[0], trust_domain=first.members[1].trust_domain),
            changed(first.members[1], trust_domain="new.example"), first.members[2]]),
        changes("two new identity keys of three", "roster-too-many-new", 0, members=[
            changed(first.members[0], identity_key=REPLACED.public),
            changed(first.members[1], identity_key=NEWCOMER.public), first.members[2]]),
        changes("a hash key taken back", "roster-hash-keys", 0, hash_keys=[
            changed(first.hash_keys[0], commitment=seed("x"))]),
        changes("the newest hash key closes", "roster-hash-keys", 0, hash_keys=[changed(first.hash_keys[0], closes=20_500)]),
        changes("a hash key in the place of another", None, 0, hash_keys=[
            changed(first.hash_keys[0], closes=20_500), hash_key(first)]),
        changes("removed in silence", "roster-retired", 0, members=first.members[:2], hash_keys=[
            *first.hash_keys, hash_key(first)]),
        case("removed without a new hash key", "roster-hash-keys", 0,
             changed(removing(first, "us"), hash_keys=list(first.hash_keys)).SerializeToString()),
        changes("a stranger retired", "roster-retired", 0, retired=[WORDS.RetiredCoalition(coalition="fi", last_epoch=1)]),
        changes("retired without epoch", "roster-malformed", 0, retired=[WORDS.RetiredCoalition(coalition="us")]),
        case("no alliance", "roster-malformed", 0, changed(second, alliance=b"").SerializeToString()),
        changes("who was retired is forgotten", "roster-retired", 2, retired=[]),
        case("comes back with a later record", None, 2, gone.SerializeToString()),
        changes("comes back with another record 1", "roster-pin", 2, members=sorted(
            [*third.members, changed(first.members[2], record_hash=seed("x"))], key=lambda m: m.coalition)),
        changes("its trust domain to somebody else", "roster-reuse", 2, members=[
            changed(third.members[0], trust_domain=first.members[2].trust_domain), *third.members[1:]]),
    ]
    return {
        "alliance-file": alliance_file(NAMES), "alliance": ALLIANCE.hex(),
        "chain": [
            {"number": message.number, "hash": object_hash(ROSTER, body).hex(), "members": [m.coalition for m in message.members],
             "bundle": hexadecimal(made)}
            for message, body, made in zip((second, third), bodies, chain)
        ],
        "cases": cases,
    }


def no_quota(first):
    message = next_message(first)
    message.members[0].quota.statements = 0
    return message.SerializeToString()


def statements():
    body = admitting(roster_message()).SerializeToString()
    hashed = object_hash(ROSTER, body)
    base = WORDS.RosterPromise(
        alliance=ALLIANCE, roster=2, previous=ALLIANCE, coalition="se", round=WORDS.RosterRound(number=2, proposer="us"))
    named = changed(base)
    named.voted_round.number, named.voted_round.proposer, named.voted = 1, "no", hashed

    def promise(name, code, message, signer="se", later=b"", **fields):
        made = signed(PROMISE, changed(message, **fields).SerializeToString() + later, [IDENTITIES[signer]])
        return {"name": name, "code": code, "signed": hexadecimal(made), "hash": object_hash(PROMISE, made.body).hex()}

    def with_round(message, number, proposer):
        copy = changed(message)
        copy.round.number, copy.round.proposer = number, proposer
        return copy

    def with_vote(number, proposer, roster=hashed):
        copy = changed(base)
        copy.voted_round.number, copy.voted_round.proposer, copy.voted = number, proposer, roster
        return copy

    def ballot(name, code, made):
        return {"name": name, "code": code, "signed": hexadecimal(made), "hash": object_hash(VOTE, made.body).hex()}

    return {
        "alliance-file": alliance_file(NAMES), "roster": body.hex(),
        "promises": [
            promise("with no vote", None, base), promise("with its vote", None, named),
            promise("a field of a later version", None, named, later=LATER_FIELD),
            promise("round 64", None, with_round(named, 64, "se")),
            promise("another alliance", "roster-statement-misplaced", base, alliance=seed("another")),
            promise("another roster before", "roster-statement-misplaced", base, previous=seed("another")),
            promise("another number", "roster-statement-misplaced", base, roster=3),
            promise("a round of a stranger", "roster-statement-misplaced", with_round(base, 2, "dk")),
            promise("a vote in a round that does not exist", "roster-statement-misplaced", with_vote(1, "se")),
            promise("who is no member", "not-an-elector", base, signer="dk", coalition="dk"),
            promise("signed by somebody else", "roster-statement-signature", base, signer="us"),
            promise("roster 1", "roster-promise-unreadable", base, roster=1),
            promise("round 1", "roster-promise-unreadable", with_round(base, 1, "no")),
            promise("round 65", "roster-promise-unreadable", with_round(base, 65, "no")),
            promise("a vote in the round itself", "roster-promise-unreadable", with_vote(2, "us")),
            promise("a vote for nothing", "roster-promise-unreadable", with_vote(1, "no", b"")),
            promise("a vote in no round", "roster-promise-unreadable", base, voted=hashed),
            promise("no coalition", "roster-promise-unreadable", base, coalition="SE"),
            promise("a short alliance id", "roster-promise-unreadable", base, alliance=b"x"),
        ],
        "votes": [
            ballot("of a member", None, vote("se", body)), ballot("of a newcomer", None, vote("dk", body)),
            ballot("of the proposer", None, vote("no", body)),
            ballot("for another roster", "roster-statement-misplaced", vote("se", body, proposal=seed("x"))),
            ballot("of the third alliance", "roster-statement-misplaced", vote("se", body, alliance=seed("another"))),
            ballot("in a round 1 out of turn", "roster-statement-misplaced", vote("se", body, (1, "us"))),
            ballot("of somebody in neither roster", "not-an-elector", vote("fi", body, signers=[NEWCOMER])),
            ballot("signed by somebody else", "roster-statement-signature", vote("se", body, signers=[NEWCOMER])),
            ballot("a short proposal", "roster-vote-unreadable", vote("se", body, proposal=b"x")),
            ballot("no round", "roster-vote-unreadable", vote("se", body, round=(0, ""))),
        ],
        "contradictions": contradictions(),
    }


def contradictions():
    """Every pair of what one member can say in three rounds about two rosters."""
    rounds, rosters = [(1, "no"), (2, "no"), (3, "no")], [sha256(b"\1"), sha256(b"\2")]
    choices = list(itertools.product(rounds, rosters))
    said = [("vote", choice) for choice in choices]
    said += [("promise", round, latest) for round in rounds[1:] for latest in [None, *choices]
             if latest is None or latest[0] < round]

    def shown(statement):
        choice = statement[1] if statement[0] == "vote" else statement[2]
        return {
            "promise": statement[1][0] if statement[0] == "promise" else 0,
            "vote-round": choice[0][0] if choice else 0, "vote": choice[1].hex() if choice else ""}

    return [
        {"first": shown(one), "second": shown(other), "proof": governance.contradict(one, other)}
        for one, other in itertools.combinations_with_replacement(said, 2)
    ]


# Rosters of which only the hash matters: SHA-256 of one byte, the number.
NUMBERS = {sha256(bytes([number])): number for number in (1, 2, 3)}


def decisions():
    """What may be voted for, by promises and proposals drawn at random, many of them of liars."""
    dice = random.Random(7)
    cases = []
    for members, proposers in [(2, 1), (3, 2), (4, 2), (4, 3), (7, 3)]:
        names = ["aa", "bb", "cc", "dd", "ee", "ff", "gg"][:members]
        for _ in range(25):
            rounds = [(1, "aa")] + [(number, dice.choice(names[:proposers])) for number in (2, 3, 4)]
            rosters = list(NUMBERS)[:dice.choice([1, 2, 2, 3])]
            proposals = sorted({(dice.choice(rounds), dice.choice(rosters)) for _ in range(dice.randrange(1, 6))})
            promises = set()
            for round, member in itertools.product(rounds[1:], names):
                for _ in range(dice.choice([0, 1, 1, 1, 1, 2])):
                    below = [one for one in proposals if one[0] < round]
                    promises.add((member, round, dice.choice([None, *below, *below[-1:]])))
            promises = sorted(promises, key=repr)
            cases.append((members, rounds, promises, proposals))

    def text(choice):
        return [choice[0][0], choice[0][1], NUMBERS[choice[1]]]

    def case(members, rounds, promises, proposals):
        allowed = governance.allowed(members, rounds[0], promises, proposals)
        last = governance.answer(members, rounds[0], promises, allowed, rounds[-1])
        return {
            "members": members,
            "promises": [
                {"member": member, "round": list(round), "latest": text(latest) if latest else None}
                for member, round, latest in promises],
            "proposals": [text(one) for one in proposals], "allowed": [text(one) for one in sorted(allowed)],
            "round": list(rounds[-1]), "free": last[0], "repeats": sorted(NUMBERS[one] for one in last[1]),
        }

    return {
        "quorums": {str(members): governance.quorum(members) for members in [*range(1, 17), 47, 256]},
        "cases": [case(*one) for one in cases],
    }
