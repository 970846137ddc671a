"""Each way in which a member answers wrongly: a name, what it does, and what the others may be told of it."""

import os
import time

from server import linger, send


class Lie:
    """`faults`: whether the honest must show a reason beside the liar; some lies cost nothing and are not even seen."""

    def __init__(self, name, answer, faults=True):
        self.name, self.answer, self.faults = name, answer, faults


def honest_except(member, **special):
    """Answers as a node with nothing to say does, but for some resources."""

    def answer(link, kind, path):
        if kind in special:
            return special[kind](link, path)
        match kind:
            case "hello":
                return send(link, member.hello())
            case "frontier":
                return send(link, member.frontier())
            case "records":
                return send(link, member.records())
            case "heads":
                return linger(link, 4, member.heads())
        return send(link, b'{"code":"not-found","status":404}', "404 Not Found", "application/problem+json")

    return answer


def drip(link, path):
    """A byte now and then, for longer than anybody waits."""
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(120):
        link.sendall(b"\0")
        time.sleep(0.5)
    return False


def endless(link, path):
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nTransfer-Encoding: chunked\r\n\r\n")
    piece = b"10000\r\n" + bytes(1 << 16) + b"\r\n"
    for _ in range(4096):
        link.sendall(piece)
    return False


def cut(link, path):
    send(link, b"\x0a\x20half", length=4000)
    return False


def twice(member):
    """Answers one question twice, so that the second answer stands before the next question."""

    def answer(link, path):
        send(link, member.hello())
        send(link, os.urandom(300))

    return answer


def all_lies(member, honest):
    """`honest`: the other members' ids."""
    body = lambda data: lambda link, path: send(link, data)  # noqa: E731
    good = member.head()
    name = member.name(good)
    frontier = body(member.frontier((member.coalition, 0, name)))

    def once(entry, **more):
        """Shows a head of ours, and serves it, in a page of one."""
        page = member.heads(entry)
        shown = body(member.frontier((member.coalition, more.get("index", 0), member.name(entry))))
        deltas = body(b"\x0a" + varint(len(entry.SerializeToString())) + entry.SerializeToString())
        return honest_except(member, heads=slowly(page), frontier=shown, deltas=deltas)

    def slowly(data):
        def answer(link, path):
            time.sleep(0.5)
            send(link, data)
        return answer

    large = [member.head(index) for index in range(300)]
    flood = [member.head(0, member.delta(number)) for number in range(200)]
    other_delta = member.head(0)
    other_delta.delta = member.delta(77)
    alien = member.head(0, coalition=honest[0])
    stolen = body(member.frontier(*[(one, 4_000_000_000, os.urandom(32)) for one in honest]))
    state = {"number": 0}

    def flooding(link, path):
        state["number"] += 1
        time.sleep(0.01)
        send(link, member.heads(flood[state["number"] % len(flood)]))

    def anything(link, path):
        send(link, os.urandom(int.from_bytes(os.urandom(2), "big")))

    def nothing(link, path):
        time.sleep(60)
        return False

    return [
        Lie("a greeting of another alliance", honest_except(member, hello=body(member.hello(alliance=os.urandom(32))))),
        Lie("a greeting in another's name", honest_except(member, hello=body(member.hello(coalition=honest[0])))),
        Lie("a greeting of protocols to come", honest_except(member, hello=body(
            member.hello(protocol_lowest=7, protocol_highest=9)))),
        Lie("a greeting that is nonsense", honest_except(member, hello=anything)),
        Lie("an answer of 256 MiB in pieces", honest_except(member, frontier=endless)),
        Lie("an answer that says it has 64 MiB", honest_except(member, frontier=lambda link, path: send(
            link, bytes(8 << 20), length=64 << 20))),
        Lie("headers of a megabyte", honest_except(member, hello=lambda link, path: send(
            link, b"", headers=b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(1000))))),
        Lie("an answer that is cut off", honest_except(member, frontier=cut)),
        Lie("an answer in drops", honest_except(member, frontier=drip), faults=False),
        Lie("no answer at all", honest_except(member, hello=nothing), faults=False),
        # The first answer is good, so the link may be well again before anybody looks.
        Lie("two answers to one question", honest_except(member, hello=twice(member)), faults=False),
        Lie("nonsense for every question", lambda link, kind, path: anything(link, path)),
        Lie("an error for every question", lambda link, kind, path: send(
            link, b"{}", "500 Internal Server Error", "application/problem+json")),
        Lie("more heads than members", honest_except(member, heads=body(member.heads(*large)), frontier=frontier)),
        Lie("unsigned heads of the others far ahead", honest_except(member, frontier=stolen), faults=False),
        Lie("another's head, signed by us", honest_except(
            member, heads=slowly(member.heads(alien)), frontier=frontier), faults=False),
        Lie("a head and another delta", once(other_delta)),
        Lie("a head over its quota", once(member.head(0, statements=1 << 50))),
        Lie("a head with another digest", once(member.head(0, live_digest=os.urandom(32)))),
        Lie("a head with another history", once(member.head(0, history_root=os.urandom(32)))),
        Lie("an index in the far future", once(member.head((1 << 64) - 1, member.delta(1)), index=(1 << 64) - 1)),
        Lie("a flood of heads", honest_except(member, heads=flooding, frontier=frontier), faults=False),
    ]


def varint(number):
    data = b""
    while number > 127:
        data, number = data + bytes([number & 127 | 128]), number >> 7
    return data + bytes([number])
