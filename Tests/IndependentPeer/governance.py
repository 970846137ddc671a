"""Later rosters and how one is decided: sections 8.1 to 8.4 of the contract."""

import alliance
import messages
from objects import PROMISE, VOTE, Refused, is_signed

MOST_BYTES, LAST_ROUND, MOST_QUOTA = 4 << 10, 64, 1 << 40


def quorum(members):
    faults = (members - 1) // 3
    return -(-(members + faults + 1) // 2)


class Chain:
    """Rosters from the first to the one in force."""

    def __init__(self, first):
        self.rosters = [first]
        self.alliance = first.hash

    @property
    def newest(self):
        return self.rosters[-1]

    def check(self, roster):
        """Whether a roster may come next."""
        old, new = self.newest.message, roster.message
        before = {member.coalition: member for member in old.members}
        after = {member.coalition: member for member in new.members}
        if new.alliance != self.alliance or new.number != old.number + 1 or new.previous != self.newest.hash:
            raise Refused("roster-order")
        if new.purpose != old.purpose or new.issued_at < old.issued_at:
            raise Refused("roster-order")
        for member in new.members:
            if not (1 <= member.quota.statements <= MOST_QUOTA and 1 <= member.quota.live_bytes <= MOST_QUOTA):
                raise Refused("roster-quota")
            if member.coalition in before:
                check_pin(before[member.coalition], member)
        was = {entry.coalition: entry.last_epoch for entry in old.retired}
        now = {entry.coalition: entry.last_epoch for entry in new.retired}
        leaving = before.keys() - after.keys()
        if not (leaving | was.keys()) <= now.keys():
            raise Refused("roster-retired")
        for coalition, epoch in now.items():
            known = was.get(coalition, 0)
            if epoch < known or (coalition not in leaving and epoch != known):
                raise Refused("roster-retired")
        kept = new.hash_keys[:len(old.hash_keys)]
        if (
            len(kept) < len(old.hash_keys)
            or any(a.commitment != b.commitment or b.closes < a.closes for a, b in zip(old.hash_keys, kept))
            or new.hash_keys[-1].closes
            or (leaving and len(new.hash_keys) == len(old.hash_keys))
        ):
            raise Refused("roster-hash-keys")
        staying = [c for c in after if c in before and after[c].identity_key == before[c].identity_key]
        if len(staying) < quorum(len(after)):
            raise Refused("roster-too-many-new")
        for earlier in self.rosters:
            for member in earlier.message.members:
                for other in new.members:
                    if other.coalition == member.coalition:
                        check_pin(member, other)
                    elif other.trust_domain == member.trust_domain or other.identity_key == member.identity_key:
                        raise Refused("roster-reuse")

    def append(self, bundle):
        roster = alliance.Roster(bundle.roster)
        self.check(roster)
        election = Election(self)
        rounds = {}
        for signed in bundle.votes:
            try:
                vote = election.read_vote(signed, roster)
            except Refused:
                continue
            rounds.setdefault((vote.round.number, vote.round.proposer), []).append((vote.coalition, signed))
        if not any(election.decides(roster, votes) for votes in rounds.values()):
            raise Refused("roster-not-in-force")
        self.rosters.append(roster)


def check_pin(before, after):
    if after.record_number < before.record_number or (
        after.record_number == before.record_number and after.record_hash != before.record_hash
    ):
        raise Refused("roster-pin")


class Election:
    """Who decides what follows the newest roster of a chain."""

    def __init__(self, chain):
        newest = chain.newest.message
        self.alliance, self.previous, self.number = chain.alliance, chain.newest.hash, newest.number + 1
        self.keys = {member.coalition: member.identity_key for member in newest.members}
        self.turn = newest.members[(newest.number - 1) % len(newest.members)].coalition

    def has(self, number, proposer):
        return proposer == self.turn if number == 1 else proposer in self.keys

    def place(self, message):
        if (
            message.alliance != self.alliance
            or message.roster != self.number
            or message.previous != self.previous
            or not self.has(message.round.number, message.round.proposer)
        ):
            raise Refused("roster-statement-misplaced")

    def read_promise(self, signed):
        message = read_statement(messages.alliance.RosterPromise, signed, "roster-promise-unreadable")
        names_vote = message.HasField("voted_round") or message.voted
        if message.round.number < 2 or (
            names_vote
            and not (
                is_round(message.voted_round)
                and as_tuple(message.voted_round) < as_tuple(message.round)
                and len(message.voted) == 32
            )
        ):
            raise Refused("roster-promise-unreadable")
        self.place(message)
        if names_vote and not self.has(*as_tuple(message.voted_round)):
            raise Refused("roster-statement-misplaced")
        if message.coalition not in self.keys:
            raise Refused("not-an-elector")
        if not is_signed(PROMISE, signed, self.keys[message.coalition]):
            raise Refused("roster-statement-signature")
        return message

    def read_vote(self, signed, roster):
        message = read_statement(messages.alliance.RosterVote, signed, "roster-vote-unreadable")
        if len(message.proposal) != 32:
            raise Refused("roster-vote-unreadable")
        self.place(message)
        if message.proposal != roster.hash:
            raise Refused("roster-statement-misplaced")
        member = roster.member(message.coalition)
        old = self.keys.get(message.coalition)
        keys = [key for key in (old, member and member.identity_key) if key]
        if not keys:
            raise Refused("not-an-elector")
        proposes = message.coalition == message.round.proposer
        if not any(is_signed(VOTE, signed, key) for key in ([old] if proposes else keys)):
            raise Refused("roster-statement-signature")
        return message

    def decides(self, roster, votes):
        members = {member.coalition: member.identity_key for member in roster.message.members}
        counts = [
            {one for one, signed in votes if one in keys and is_signed(VOTE, signed, keys[one])}
            for keys in (self.keys, members)
        ]
        return len(counts[0]) >= quorum(len(self.keys)) and len(counts[1]) >= quorum(len(members))


def is_round(round):
    return 1 <= round.number <= LAST_ROUND and alliance.is_coalition(round.proposer)


def as_tuple(round):
    return round.number, round.proposer


def read_statement(kind, signed, code):
    message = messages.parse(kind, signed.body)
    if not (
        message is not None
        and len(signed.body) <= MOST_BYTES
        and len(message.alliance) == 32
        and len(message.previous) == 32
        and message.roster >= 2
        and alliance.is_coalition(message.coalition)
        and is_round(message.round)
    ):
        raise Refused(code)
    return message


def allowed(members, first, promises, proposals):
    """Which proposals may be voted for. A promise is (member, round, latest); a vote or proposal is (round, roster)."""
    allowed_ones = set()
    for choice in sorted(proposals):
        free, repeats = answer(members, first, promises, allowed_ones, choice[0])
        if free or choice[1] in repeats:
            allowed_ones.add(choice)
    return allowed_ones


def answer(members, first, promises, allowed_ones, round):
    """(Whether any roster may be proposed in a round, which ones otherwise.)"""
    if round == first:
        return True, set()
    named = {}
    for member, promised, latest in promises:
        if promised == round and (latest is None or (latest in allowed_ones and latest[0] < round)):
            named.setdefault(member, set()).add(latest)
    needed = quorum(members)
    free = sum(None in latest for latest in named.values()) >= needed
    repeats = set()
    votes = {vote for latest in named.values() for vote in latest if vote}

    def is_below(latest, limit):
        return latest is None or latest[0] < limit

    for vote in votes:
        agreeing = [m for m, latest in named.items() if any(one == vote or is_below(one, vote[0]) for one in latest)]
        if len(agreeing) >= needed:
            repeats.add(vote[1])
    for twice in {vote[0] for vote in votes}:
        here = sorted(vote for vote in votes if vote[0] == twice)
        if len(here) < 2:
            continue
        for target in [*here, None]:
            taken = {}
            for member, latest in named.items():
                if member == twice[1]:
                    continue
                if any(is_below(one, twice) for one in latest):
                    taken[member] = None
                elif target in latest and target is not None:
                    taken[member] = target
                elif any(one in latest for one in here):
                    taken[member] = next(one for one in here if one in latest)
            unknown = members - len(taken)
            answered = len(taken) + (twice[1] in named)
            if (
                any(taken.values())
                and answered >= needed
                and unknown < needed
                and all(list(taken.values()).count(one) + unknown < needed for one in here if one != target)
            ):
                if target is None:
                    free = True
                else:
                    repeats.add(target[1])
    return free, repeats


def contradict(one, other):
    """Whether two statements of one member are of no honest signer: ("vote", choice) or ("promise", round, latest)."""

    def vote_of(statement):
        return statement[1] if statement[0] == "vote" else statement[2]

    votes = [vote for vote in (vote_of(one), vote_of(other)) if vote]
    if len(votes) == 2 and votes[0][0] == votes[1][0] and votes[0] != votes[1]:
        return True
    for statement in (one, other):
        if statement[0] == "promise":
            for vote in votes:
                if vote[0] < statement[1] and (statement[2] is None or statement[2][0] < vote[0]):
                    return True
    return False
