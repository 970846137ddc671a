"""The founders that all vectors speak of; keys are derived from names, so that the vectors are always the same."""

import datetime

import alliance
import messages
from alliance import armour, commitment
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from objects import RECORD, ROSTER, Signer, object_hash, raw, sha256

NAMES = {"no": "Demo Norway", "se": "Demo Sweden", "us": "Demo United States"}
DAY = 20_000
MILLISECONDS = DAY * 86_400_000
LATER_FIELD = b"\x9a\x06\x05later"  # field 99, which version 1 does not know


def seed(name):
    return sha256(b"vaka vectors ", name.encode())


def hexadecimal(message):
    return message.SerializeToString().hex()


def changed(message, **fields):
    copy = type(message)()
    copy.CopyFrom(message)
    for field, value in fields.items():
        copy.ClearField(field)
        target = getattr(copy, field)
        if hasattr(target, "extend"):
            target.extend(value)
        else:
            setattr(copy, field, value)
    return copy


def authority(coalition, trust_domain):
    """A CA certificate; Ed25519 signs the same bytes in the same way each time."""
    key = Ed25519PrivateKey.from_private_bytes(seed(f"authority {coalition}"))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{NAMES[coalition]} authority")])
    start = datetime.datetime(2024, 10, 4)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(seed(f"serial {coalition}")[:8], "big") | 1 << 62)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True)
        .add_extension(
            x509.NameConstraints(
                [x509.DNSName(trust_domain), x509.UniformResourceIdentifier(trust_domain)], None), critical=True)
        .sign(key, None)
    )
    return certificate.public_bytes(Encoding.DER)


class Founder:
    def __init__(self, coalition):
        self.coalition = coalition
        self.identity = Signer(seed(f"identity {coalition}"))
        self.signing = [Signer(seed(f"signing {epoch} {coalition}")) for epoch in (1, 2)]
        self.sealing_seed = seed(f"sealing {coalition}")
        self.trust_domain = alliance.usual_trust_domain(coalition, self.identity.public)
        self.first = self.sign(self.record())

    def record(self):
        return messages.alliance.MemberRecord(
            coalition=self.coalition, name=NAMES[self.coalition], number=1, identity_key=self.identity.public,
            trust_domain=self.trust_domain,
            epochs=[messages.alliance.SigningEpoch(number=1, suite=1, key=self.signing[0].public)],
            authorities=[authority(self.coalition, self.trust_domain)],
            sealing_key=raw(X25519PrivateKey.from_private_bytes(self.sealing_seed).public_key()),
            endpoints=[f"node.{self.coalition}.example:7473", "[2001:db8::1]:7473"],
            protocol_lowest=1, protocol_highest=1)

    def sign(self, record):
        return self.identity.sign(RECORD, record.SerializeToString())

    def next_record(self, alliance_id, **changes):
        record = self.record()
        record.number, record.alliance, record.previous = 2, alliance_id, object_hash(RECORD, self.first.body)
        record.contact = "duty@node.example"
        for field, value in changes.items():
            setattr(record, field, value)
        return record


FOUNDERS = {coalition: Founder(coalition) for coalition in NAMES}
NONCE, HASH_KEY = seed("hash key nonce"), seed("hash key")


def roster_message():
    quota = messages.alliance.Quota(statements=10_000_000, live_bytes=4 << 30)
    return messages.alliance.Roster(
        number=1, name="Vector alliance", purpose=2, issued_at=MILLISECONDS,
        members=[
            messages.alliance.RosterMember(
                coalition=founder.coalition, name=NAMES[founder.coalition], identity_key=founder.identity.public,
                trust_domain=founder.trust_domain, record_number=1,
                record_hash=object_hash(RECORD, founder.first.body), quota=quota)
            for founder in FOUNDERS.values()
        ],
        hash_keys=[messages.alliance.HashKeyCommitment(
            key_epoch=1, suite=1, commitment=commitment(1, NONCE, HASH_KEY))])


ROSTER_BODY = roster_message().SerializeToString()
ALLIANCE = object_hash(ROSTER, ROSTER_BODY)


def sealed_key(coalition):
    founder = FOUNDERS[coalition]
    return alliance.seal_hash_key(
        NONCE, HASH_KEY, 1, coalition, founder.record().sealing_key, ALLIANCE, seed(f"ephemeral {coalition}"))


def alliance_file(signers, extra=(), body=ROSTER_BODY, records=None, keys=None):
    file = messages.alliance.AllianceFile(
        roster=body, signatures=[FOUNDERS[one].identity.signature(ROSTER, body) for one in signers],
        records=[f.first for f in FOUNDERS.values()] if records is None else records,
        keys=[sealed_key(one) for one in NAMES] if keys is None else keys)
    file.signatures.extend(extra)
    return armour(alliance.ALLIANCE, file.SerializeToString())
