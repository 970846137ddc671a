"""Addresses of chains."""

import base58
import bech32
from bip_utils import Base58XmrDecoder, Base58XmrEncoder
from bip_utils.utils.crypto import Kekkak256
from cashaddress import convert
from comparison import Comparison
from eth_utils import is_checksum_address, is_hex, to_checksum_address
from stellar_sdk import StrKey

# Versions of two bytes first: Base58Check says nothing of the length of a version.
VERSIONS = [b"\x1c\xb8", b"\x1c\xbd"] + [bytes([version]) for version in (0, 5, 0x41, 48, 50, 76, 16, 30, 22, 33, 38, 23)]
MONERO = {18: 69, 19: 77, 42: 69}


def address(source):
    data = bytes(source.randrange(256) for _ in range(80))
    kind = source.randrange(9)
    if kind == 0:
        return base58.b58encode_check(source.choice(VERSIONS) + data[:20]).decode()
    if kind == 1:
        text = bech32.encode(source.choice(["bc", "ltc", "btg"]), 0, list(data[:source.choice([20, 32])]))
        return text.upper() if source.random() < 0.2 else text
    if kind == 2:
        return bech32.bech32_encode("cosmos", bech32.convertbits(data[:20], 8, 5))
    if kind == 3:
        return to_checksum_address("0x" + data[:20].hex())
    if kind == 4:
        return "0x" + data[:20].hex()
    if kind == 5:
        return base58.b58encode_check(b"\x00" + data[:20], alphabet=base58.RIPPLE_ALPHABET).decode()
    if kind == 6:
        return StrKey.encode_ed25519_public_key(data[:32])
    if kind == 7:
        text = convert.to_cash_address(base58.b58encode_check(b"\x00" + data[:20]).decode())
        return source.choice([text, text.removeprefix("bitcoincash:"), text.upper()])
    version = source.choice(sorted(MONERO))
    payload = bytes([version]) + data[:MONERO[version] - 5]
    return Base58XmrEncoder.Encode(payload + Kekkak256.QuickDigest(payload)[:4])


def cash(text):
    try:
        return convert.is_valid(text if ":" in text else "bitcoincash:" + text)
    except Exception:
        return False


def monero(text):
    try:
        data = Base58XmrDecoder.Decode(text)
    except Exception:
        return False
    return Kekkak256.QuickDigest(data[:-4])[:4] == data[-4:] and MONERO.get(data[0]) == len(data)


def base58check(text, alphabet):
    try:
        return base58.b58decode_check(text, alphabet=alphabet)
    except Exception:
        return None


def judge(text):
    lower = text.lower()
    if lower.startswith("0x"):
        body = text[2:]
        if len(body) != 40 or not is_hex("0x" + body):
            return False
        return body == body.lower() or body == body.upper() or is_checksum_address("0x" + body)
    if ":" in text or len(text) == 42 and lower[0] in "qp":
        return cash(text.lower() if text.isupper() else text)
    for prefix in ("bc", "ltc", "btg"):
        if lower.startswith(prefix + "1"):
            version, _ = bech32.decode(prefix, text)
            # The library knows BIP-173 only; later versions have another checksum (BIP-350).
            return True if version == 0 else None if version else False
    if lower.startswith("cosmos1"):
        prefix, data = bech32.bech32_decode(text)
        return prefix == "cosmos" and len(bech32.convertbits(data, 5, 8, False) or ()) in (20, 32)
    if len(text) in (95, 106):
        return monero(text)
    if len(text) == 56 and text[0] == "G" and text.isalnum():
        return StrKey.is_valid_ed25519_public_key(text)
    payload = base58check(text, base58.BITCOIN_ALPHABET)
    if payload is not None:
        return any(payload.startswith(version) and len(payload) == len(version) + 20 for version in VERSIONS) or None
    payload = base58check(text, base58.RIPPLE_ALPHABET)
    if payload is not None:
        return len(payload) == 21 and payload[0] == 0
    return False


ALL = [Comparison("crypto-address", "base58, bech32, bip-utils, ...", address, judge)]
