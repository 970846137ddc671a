"""Records, rosters, fingerprints, cards, alliance files, receipts, hash keys: sections 7 to 11 of the contract."""

import base64
import re
import textwrap
import unicodedata

import messages
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from objects import RECEIPT, RECORD, ROSTER, Refused, is_signed, object_hash, raw, sha256

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_BYTES = 256 << 10


def fingerprint(data):
    number = int.from_bytes(data[:20], "big")
    text = "".join(CROCKFORD[number >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(textwrap.wrap(text, 4))


def identity_fingerprint(coalition, key):
    return fingerprint(sha256(b"vaka/identity/1", bytes([len(coalition)]), coalition.encode(), key))


def usual_trust_domain(coalition, key):
    return f"{coalition}-{identity_fingerprint(coalition, key).replace('-', '').lower()[:8]}.vaka.internal"


def is_coalition(text):
    return re.fullmatch("[a-z]{2}", text) is not None


def is_name(text):
    refused = ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")
    return 1 <= len(text.encode()) <= 120 and all(unicodedata.category(c) not in refused for c in text)


def is_trust_domain(text):
    label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    return len(text) <= 200 and re.fullmatch(rf"{label}(\.{label})+", text) is not None


def is_endpoint(text):
    found = re.fullmatch(r"([A-Za-z0-9._-]{1,253}|\[[A-Za-z0-9._:-]{1,253}\]):([0-9]{1,5})", text)
    return found is not None and 1 <= int(found.group(2)) <= 65535


class Record:
    """A member record that stands by itself: whole, and signed by its own identity key."""

    def __init__(self, signed):
        message = messages.parse(messages.alliance.MemberRecord, signed.body)
        if message is None or len(signed.body) > MOST_BYTES:
            raise Refused("record-unreadable")
        epochs = message.epochs
        later = message.number > 1
        if not (
            is_coalition(message.coalition)
            and message.number >= 1
            and len(message.identity_key) == 32
            and is_trust_domain(message.trust_domain)
            and is_name(message.name)
            and len(message.sealing_key) == 32
            and 1 <= len(message.authorities) <= 64
            and len(message.revoked_serials) <= 1024
            and len(message.endpoints) <= 64
            and len(epochs) <= 1024
            and len(message.contact.encode()) <= 256
            and all(is_endpoint(endpoint) for endpoint in message.endpoints)
            and [epoch.number for epoch in epochs] == list(range(1, len(epochs) + 1))
            and all(epoch.suite == 1 and len(epoch.key) == 32 for epoch in epochs)
            and all(len(e.continues.head_hash) == 32 for e in epochs if e.HasField("continues"))
            and len(message.alliance) == (32 if later else 0)
            and len(message.previous) == (32 if later else 0)
        ):
            raise Refused("record-malformed")
        if not is_signed(RECORD, signed, message.identity_key):
            raise Refused("record-signature")
        self.signed, self.message, self.hash = signed, message, object_hash(RECORD, signed.body)

    def check_follower(self, record, alliance):
        ours, theirs = self.message, record.message
        if (
            theirs.coalition != ours.coalition
            or theirs.number != ours.number + 1
            or theirs.previous != self.hash
            or theirs.alliance != alliance
        ):
            raise Refused("record-order")
        if theirs.identity_key != ours.identity_key or theirs.trust_domain != ours.trust_domain:
            raise Refused("record-changes-identity")
        if list(theirs.epochs[:len(ours.epochs)]) != list(ours.epochs):
            raise Refused("record-epochs")

    @staticmethod
    def check_size(chain):
        if sum(len(record.signed.body) + 128 for record in chain) > 3 << 20:
            raise Refused("record-chain-full")


class Roster:
    """A roster that stands by itself; `signers` says who stands behind roster 1."""

    def __init__(self, signed):
        message = messages.parse(messages.alliance.Roster, signed.body)
        if message is None or len(signed.body) > MOST_BYTES:
            raise Refused("roster-unreadable")
        members = message.members
        ids = [member.coalition for member in members]
        retired = [entry.coalition for entry in message.retired]
        later = message.number > 1
        if not (
            message.number >= 1
            and len(message.alliance) == (32 if later else 0)
            and len(message.previous) == (32 if later else 0)
            and (later or not retired)
            and retired == sorted(set(retired))
            and all(is_coalition(entry.coalition) and entry.last_epoch >= 1 for entry in message.retired)
            and is_name(message.name)
            and message.purpose in (1, 2, 3)
            and 1 <= len(members) <= 256
            and ids == sorted(set(ids))
            and all(
                is_coalition(member.coalition)
                and is_name(member.name)
                and len(member.identity_key) == 32
                and is_trust_domain(member.trust_domain)
                and member.record_number >= 1
                and len(member.record_hash) == 32
                for member in members
            )
            and len({member.trust_domain for member in members}) == len(members)
            and len({member.identity_key for member in members}) == len(members)
            and 1 <= len(message.hash_keys) <= 1024
            and [key.key_epoch for key in message.hash_keys] == list(range(1, len(message.hash_keys) + 1))
            and all(key.suite == 1 and len(key.commitment) == 32 for key in message.hash_keys)
        ):
            raise Refused("roster-malformed")
        self.signed, self.message, self.hash = signed, message, object_hash(ROSTER, signed.body)
        self.signers = [m.coalition for m in members if is_signed(ROSTER, signed, m.identity_key)]

    def member(self, coalition):
        return next((member for member in self.message.members if member.coalition == coalition), None)


def armour(label, data):
    lines = textwrap.wrap(base64.b64encode(data).decode(), 64)
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"]) + "\n"


def unarmour(label, text):
    found = re.search("-----BEGIN ([A-Z ]+)-----\n([A-Za-z0-9+/=\n]*)-----END \\1-----", text)
    if not found:
        raise Refused("not-armoured")
    if found.group(1) != label:
        raise Refused("wrong-file")
    return base64.b64decode(found.group(2))


CARD, ALLIANCE = "VAKA COALITION CARD", "VAKA ALLIANCE"


def read_card(text):
    card = messages.parse(messages.alliance.CoalitionCard, unarmour(CARD, text))
    if card is None:
        raise Refused("card-unreadable")
    record = Record(card.record)
    if record.message.number != 1:
        raise Refused("card-order")
    return record


class AllianceFile:
    """Roster 1 with its signatures, every member's pinned record, and the hash keys sealed to each."""

    def __init__(self, text):
        file = messages.parse(messages.alliance.AllianceFile, unarmour(ALLIANCE, text))
        if file is None:
            raise Refused("alliance-unreadable")
        unsigned = Roster(messages.signed.Signed(body=file.roster))
        if unsigned.message.number != 1:
            raise Refused("roster-malformed")
        kept, self.dropped = [], 0
        for signature in file.signatures:
            single = messages.signed.Signed(body=file.roster, signatures=[signature])
            if Roster(single).signers:
                kept.append(signature)
            else:
                self.dropped += 1
        self.roster = Roster(messages.signed.Signed(body=file.roster, signatures=kept))
        records = {record.message.coalition: record for record in map(Record, file.records)}
        self.keys = {(key.recipient, key.key_epoch): key for key in file.keys}
        for member in unsigned.message.members:
            record = records.get(member.coalition)
            if (
                record is None
                or record.hash != member.record_hash
                or record.message.identity_key != member.identity_key
                or record.message.trust_domain != member.trust_domain
            ):
                raise Refused("alliance-records")
            for key in unsigned.message.hash_keys:
                if (member.coalition, key.key_epoch) not in self.keys:
                    raise Refused("alliance-keys")
        self.records = {member.coalition: records[member.coalition] for member in unsigned.message.members}

    def merged_signers(self, other):
        if other.roster.signed.body != self.roster.signed.body:
            raise Refused("another-alliance")
        return sorted(set(self.roster.signers) | set(other.roster.signers))


def read_receipt(signed):
    receipt = messages.parse(messages.ledger.Receipt, signed.body)
    if (
        receipt is None
        or len(signed.body) > 64 << 10
        or len(receipt.alliance) != 32
        or not is_coalition(receipt.coalition)
        or len(receipt.entries) > 256
        or not all(is_coalition(entry.coalition) and len(entry.head_hash) == 32 for entry in receipt.entries)
    ):
        raise Refused("receipt-unreadable")
    return receipt


def receipt_is_valid(signed, alliance, record):
    receipt = read_receipt(signed)
    keys = {epoch.number: epoch.key for epoch in record.message.epochs}
    return (
        receipt.alliance == alliance
        and receipt.coalition == record.message.coalition
        and receipt.epoch in keys
        and is_signed(RECEIPT, signed, keys[receipt.epoch])
    )


def commitment(key_epoch, nonce, key):
    return sha256(b"vaka/hash-key/1", nonce, key_epoch.to_bytes(4, "big"), key)


def hpke_context(shared, encapsulated, recipient):
    """Key and base nonce of RFC 9180, sections 4.1 and 5.1, for base mode and the one suite of the contract."""

    def extract(suite, salt, label, material):
        mac = hmac.HMAC(salt or bytes(32), hashes.SHA256())
        mac.update(b"HPKE-v1" + suite + label + material)
        return mac.finalize()

    def expand(suite, secret, label, info, length):
        labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
        return HKDFExpand(hashes.SHA256(), length, labelled).derive(secret)

    kem = b"KEM" + bytes([0x00, 0x20])
    secret = extract(kem, b"", b"eae_prk", shared)
    secret = expand(kem, secret, b"shared_secret", encapsulated + recipient, 32)
    suite = b"HPKE" + bytes([0x00, 0x20, 0x00, 0x01, 0x00, 0x02])
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", b"vaka/hash-key/1")
    secret = extract(suite, secret, b"secret", b"")
    return expand(suite, secret, b"key", context, 32), expand(suite, secret, b"base_nonce", context, 12)


def authenticated(alliance, key_epoch, recipient):
    return alliance + key_epoch.to_bytes(4, "big") + recipient.encode()


def seal_hash_key(nonce, key, key_epoch, recipient, sealing_key, alliance, ephemeral_seed):
    ephemeral = X25519PrivateKey.from_private_bytes(ephemeral_seed)
    encapsulated = raw(ephemeral.public_key())
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(sealing_key))
    aead, base = hpke_context(shared, encapsulated, sealing_key)
    ciphertext = AESGCM(aead).encrypt(base, nonce + key, authenticated(alliance, key_epoch, recipient))
    return messages.alliance.SealedHashKey(
        recipient=recipient, key_epoch=key_epoch, encapsulated_key=encapsulated, ciphertext=ciphertext)


def open_hash_key(sealed, private, alliance, committed):
    """The hash key, checked against the roster's commitment."""
    private = X25519PrivateKey.from_private_bytes(private)
    if len(sealed.encapsulated_key) != 32 or len(sealed.ciphertext) != 80:
        raise Refused("hash-key-sealed")
    shared = private.exchange(X25519PublicKey.from_public_bytes(sealed.encapsulated_key))
    aead, base = hpke_context(shared, sealed.encapsulated_key, raw(private.public_key()))
    try:
        opened = AESGCM(aead).decrypt(
            base, sealed.ciphertext, authenticated(alliance, sealed.key_epoch, sealed.recipient))
    except InvalidTag:
        raise Refused("hash-key-sealed") from None
    nonce, key = opened[:32], opened[32:]
    if commitment(sealed.key_epoch, nonce, key) != committed:
        raise Refused("hash-key-commitment")
    return key


def indicator_digest(hash_key, number, normaliser, scheme, value):
    """The message that is hashed, and its keyed digest."""
    scheme, value = scheme.encode(), value.encode()
    message = bytes([1]) + number.to_bytes(2, "big") + bytes([normaliser, len(scheme)]) + scheme
    message += len(value).to_bytes(2, "big") + value
    mac = hmac.HMAC(hash_key, hashes.SHA256())
    mac.update(message)
    return message, mac.finalize()
