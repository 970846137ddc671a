"""A peer's side of a link: pulls every position that another node holds, and believes nothing that it has not checked."""

import base64
import http.client
import json
import ssl
import sys

import alliance
import ledger
import messages
from alliance import AllianceFile, Record, Roster
from cryptography import x509
from objects import HEAD, Refused, object_hash

MOST_BYTES = 4 << 20


class Link:
    """HTTP/1.1 over mutual TLS 1.3; the other side must be the member that was dialled."""

    def __init__(self, home, member):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # the name that counts is the URI, compared below
        context.set_alpn_protocols(["http/1.1"])
        context.load_verify_locations(cadata=b"".join(member.authorities))
        context.load_cert_chain(home / "tls" / "node.pem")
        host, _, port = member.endpoints[0].rpartition(":")
        self.connection = http.client.HTTPSConnection(host.strip("[]"), int(port), context=context, timeout=60)
        self.connection.connect()
        leaf = x509.load_der_x509_certificate(self.connection.sock.getpeercert(binary_form=True))
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        if names.get_values_for_type(x509.UniformResourceIdentifier) != [f"spiffe://{member.trust_domain}/node"]:
            raise Refused("wrong-peer")

    def get(self, path, accept="application/protobuf"):
        self.connection.request("GET", f"/peer/v1/{path}", headers={"Accept": accept, "Host": "node"})
        response = self.connection.getresponse()
        body = response.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise Refused("answer-unreadable")
        return response.status, response.headers["Content-Type"], body

    def message(self, message, path):
        status, kind, body = self.get(path)
        parsed = messages.parse(message, body)
        if (status, kind) != (200, "application/protobuf") or parsed is None:
            raise Refused(f"answer-unreadable: {path}: {status} {kind}")
        return parsed


def must(condition, what):
    if not condition:
        raise Refused(what)


class Pull:
    def __init__(self, home, coalition):
        file = AllianceFile((home / "alliance.pem").read_text(encoding="ascii"))
        must(file.roster.signers == [member.coalition for member in file.roster.message.members], "roster in force")
        self.ours = alliance.read_card((home / "card.pem").read_text(encoding="ascii")).message.coalition
        self.home, self.file, self.peer = home, file, coalition
        self.id = file.roster.hash
        self.link = Link(home, file.records[coalition].message)

    def greeting(self):
        hello = self.link.message(messages.peer.Hello, "hello")
        must(hello.alliance == self.id and hello.coalition == self.peer, "the greeting's alliance and coalition")
        must(hello.protocol_lowest <= 1 <= hello.protocol_highest, "protocol version 1")
        must(hello.roster == 1 and hello.roster_hash == self.id, "the greeting's roster")
        must(len(hello.instance) == 16, "an instance of 16 bytes")

    def roster(self):
        bundle = self.link.message(messages.alliance.RosterBundle, "roster/1")
        roster = Roster(bundle.roster)
        must(roster.hash == self.id and len(roster.signers) == len(roster.message.members), "the roster")

    def records(self, coalition):
        chain = self.link.message(messages.peer.RecordChain, f"records/{coalition}").records
        records = [Record(signed) for signed in chain]
        must(records[0].hash == self.file.roster.member(coalition).record_hash, "the pinned record")
        for record, following in zip(records, records[1:]):
            record.check_follower(following, self.id)
        Record.check_size(records)
        return records

    def position(self, shown):
        """Every head of one coalition from its first, with its delta."""
        coalition = shown.coalition
        records = self.records(coalition)
        rosters = {1: (self.id, self.file.roster.member(coalition).quota)}
        position = ledger.Position(coalition)
        for epoch in range(1, shown.epoch + 1):
            index, more = 0, True
            while more:
                path = f"deltas/{coalition}/{epoch}?from={index}"
                page = self.link.message(messages.peer.DeltaPage, path)
                must(page.entries, "a page that holds something")
                for entry in page.entries:
                    position.apply(entry.head, entry.delta, self.id, rosters, records)
                    must((position.head.epoch, position.head.index) == (epoch, index), "consecutive heads")
                    index += 1
                more = page.more
        must(position.head_hash == shown.head_hash, "the head that the frontier shows")
        status, kind, body = self.link.get(f"history/{coalition}/{shown.epoch}?from=0")
        must((status, kind) == (200, "application/octet-stream"), "the history")
        must(body == b"".join(position.hashes), "the history that the heads make")
        return position

    def copied(self, position):
        """The same position once more, in pages of a snapshot, and its buckets."""
        coalition, after, more = position.coalition, "", True
        rows, order = {}, []
        while more:
            page = self.link.message(messages.peer.SnapshotPage, f"snapshot/{coalition}{after}")
            must(object_hash(HEAD, page.head.body) == position.head_hash, "a page of the same head")
            for change in page.rows:
                rows[change.key] = (change.salt, change.statement)
                order.append(change.key[1:] + change.key[:1])
            more = page.more
            after = f"?at-least={position.head_hash.hex()}&after={page.rows[-1].key.hex()}" if page.rows else ""
        must(order == sorted(set(order)), "rows in the order of keys")
        must(rows == position.rows, "the same rows by snapshot as by deltas")
        buckets = self.link.message(messages.peer.Buckets, f"buckets/{coalition}")
        must(len(buckets.digests) == 256, "256 buckets")
        for number in (0, 1, 127, 128, 255):
            digest = ledger.LiveDigest()
            for key, row in rows.items():
                if key[1] == number:
                    digest = digest.changed(ledger.leaf(key, *row), 1)
            must(buckets.digests[number] == digest.hash(), "the digest of a bucket")
            page = self.link.message(messages.peer.SnapshotPage, f"snapshot/{coalition}?bucket={number}")
            must({change.key for change in page.rows} == {key for key in rows if key[1] == number}, "a bucket's rows")

    def news(self, frontier):
        """The newest heads and receipts, and that a cursor leaves nothing to say twice."""
        page = self.link.message(messages.peer.HeadsPage, "heads")
        heads = {object_hash(HEAD, entry.head.body) for entry in page.heads}
        must(heads == {head.head_hash for head in frontier.heads}, "the heads that the frontier shows")
        valid = []
        for signed in page.receipts:
            coalition = alliance.read_receipt(signed).coalition
            must(alliance.receipt_is_valid(signed, self.id, self.records(coalition)[-1]), "a valid receipt")
            valid.append(coalition)
        cursor = base64.urlsafe_b64encode(page.cursor).decode().rstrip("=")
        later = self.link.message(messages.peer.HeadsPage, f"heads?after={cursor}&wait=0")
        must(not later.heads, "no head twice")
        return sorted(valid)

    def hash_key(self):
        sealed = self.link.message(messages.alliance.SealedHashKey, "hash-keys/1")
        private = bytes.fromhex((self.home / "keys" / "sealing.key").read_text(encoding="ascii").strip())
        committed = self.file.roster.message.hash_keys[0].commitment
        must(sealed.recipient == self.ours, "a hash key for us")
        return alliance.open_hash_key(sealed, private, self.id, committed)

    def problem(self):
        status, kind, body = self.link.get("records/xx")
        details = json.loads(body)
        must((status, kind) == (404, "application/problem+json"), "problem details")
        must(details["code"] == "not-found" and details["status"] == 404, "the code not-found")

    def as_json(self, frontier):
        status, kind, body = self.link.get("frontier", accept="application/json")
        must((status, kind) == (200, "application/json"), "JSON for a person")
        shown = {head["coalition"]: base64.b64decode(head["headHash"]) for head in json.loads(body).get("heads", [])}
        must(shown == {head.coalition: head.head_hash for head in frontier.heads}, "the same in JSON")

    def run(self):
        self.greeting()
        self.roster()
        frontier = self.link.message(messages.peer.Frontier, "frontier")
        coalitions = [head.coalition for head in frontier.heads]
        must(coalitions == sorted(set(coalitions)), "a sorted frontier")
        positions = [self.position(head) for head in frontier.heads]
        for position in positions:
            self.copied(position)
        listed = sum(
            ledger.reason_to_quarantine(key[0], statement) is None
            for position in positions for key, (_, statement) in position.rows.items())
        receipts = self.news(frontier)
        self.problem()
        self.as_json(frontier)
        return {
            "as": self.ours, "from": self.peer, "alliance": self.id.hex(), "receipts": receipts,
            "statements-that-count": listed, "hash-key-opened": len(self.hash_key()) == 32,
            "positions": [
                {
                    "coalition": position.coalition, "epoch": position.head.epoch, "index": position.head.index,
                    "head-hash": position.head_hash.hex(), "statements": position.head.statements,
                    "live-digest": position.digest.hash().hex(),
                }
                for position in positions
            ],
        }


def pull(home, coalition):
    try:
        print(json.dumps(Pull(home, coalition).run(), indent=1))
        return True
    except Refused as refused:
        print(f"refused: {refused.code}", file=sys.stderr)
        return False
