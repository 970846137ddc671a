"""Signed objects: pre-authentication encoding, hashes, Ed25519."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import messages

ROSTER, RECORD, HEAD, RECEIPT, DELTA = (f"vaka/{name}/1" for name in ("roster", "record", "head", "receipt", "delta"))
PROMISE, VOTE = "vaka/roster-promise/1", "vaka/roster-vote/1"


class Refused(Exception):
    """What a reader must refuse: the code, and whose fault it is where that matters."""

    def __init__(self, code, fault=None):
        super().__init__(code)
        self.code, self.fault = code, fault


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def encoding(kind, body):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body)


def object_hash(kind, body):
    return sha256(encoding(kind, body))


def raw(public_key):
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public):
    return sha256(public)[:16]


class Signer:
    """A private Ed25519 key of a seed."""

    def __init__(self, seed):
        self.key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = raw(self.key.public_key())

    def signature(self, kind, body):
        return messages.signed.Signature(
            algorithm=1, key_id=key_id(self.public), bytes=self.key.sign(encoding(kind, body)))

    def sign(self, kind, body):
        return messages.signed.Signed(body=body, signatures=[self.signature(kind, body)])


def is_signed(kind, signed, public):
    """Whether one of the first 64 signatures is this key's and valid."""
    for signature in signed.signatures[:64]:
        if signature.algorithm != 1 or signature.key_id != key_id(public):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature.bytes, encoding(kind, signed.body))
            return True
        except (InvalidSignature, ValueError):
            continue
    return False
