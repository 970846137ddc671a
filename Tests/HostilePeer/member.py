"""A member's keys in the wrong hands: signs heads that its coalition never meant, and knows how to say them."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "IndependentPeer"))

import alliance  # noqa: E402
import ledger  # noqa: E402
import messages  # noqa: E402
from objects import DELTA, HEAD, Signer, object_hash  # noqa: E402


class Member:
    """One coalition of a founded alliance, from its folder."""

    def __init__(self, home):
        self.home = home
        self.file = alliance.AllianceFile((home / "alliance.pem").read_text(encoding="ascii"))
        self.id = self.file.roster.hash
        self.coalition = alliance.read_card((home / "card.pem").read_text(encoding="ascii")).message.coalition
        self.record = self.file.records[self.coalition]
        seed = (home / "keys" / "signing-1.key").read_text(encoding="ascii").strip()
        self.signer = Signer(bytes.fromhex(seed.splitlines()[-1]))

    def hello(self, **changes):
        fields = dict(
            alliance=self.id, coalition=self.coalition, roster=1, roster_hash=self.id, protocol_lowest=1,
            protocol_highest=1, instance=bytes(16), page_bytes=4 << 20, longest_wait=30, version="hostile")
        return messages.peer.Hello(**(fields | changes)).SerializeToString()

    def records(self):
        return messages.peer.RecordChain(records=[self.record.signed]).SerializeToString()

    def delta(self, number, rows=1):
        changes = [
            messages.ledger.Change(
                key=b"\1" + number.to_bytes(4, "big") + row.to_bytes(28, "big"), salt=bytes(15) + b"\1",
                statement=b"\0" * 20)
            for row in range(rows)
        ]
        return messages.ledger.Delta(nonce=number.to_bytes(16, "big"), changes=changes).SerializeToString()

    def head(self, index=0, delta=None, rows=1, history=(), **changes):
        """A head that is right but for what `changes` says, with its delta."""
        delta = self.delta(index, rows) if delta is None else delta
        digest = ledger.LiveDigest()
        for key, value in ledger.read_delta(delta).items():
            digest = digest.changed(ledger.leaf(key, *value), 1)
        fields = dict(
            alliance=self.id, coalition=self.coalition, epoch=1, index=index, suite=1, lowest_reader=1,
            history_root=ledger.history_root(list(history)), delta_hash=object_hash(DELTA, delta), delta_changes=rows,
            delta_bytes=len(delta), live_digest=digest.hash(), statements=rows, live_bytes=69 * rows, floor_epoch=1,
            floor_index=0, roster=1, roster_hash=self.id, record_hash=self.record.hash,
            signed_at=int(time.time() * 1000))
        body = messages.ledger.Head(**(fields | changes)).SerializeToString()
        return messages.peer.HeadEntry(head=self.signer.sign(HEAD, body), delta=delta)

    @staticmethod
    def name(entry):
        return object_hash(HEAD, entry.head.body)

    def frontier(self, *entries):
        heads = [messages.peer.FrontierHead(coalition=coalition, epoch=1, index=index, head_hash=name)
                 for coalition, index, name in sorted(entries)]
        return messages.peer.Frontier(heads=heads).SerializeToString()

    def heads(self, *entries, receipts=()):
        return messages.peer.HeadsPage(cursor=b"c", heads=entries, receipts=receipts).SerializeToString()
