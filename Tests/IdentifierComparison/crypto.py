"""Addresses of chains."""

import base58
import bech32
from comparison import Comparison
from eth_utils import is_checksum_address, is_hex, to_checksum_address


def address(source):
    data = bytes(source.randrange(256) for _ in range(32))
    kind = source.randrange(6)
    if kind == 0:
        return base58.b58encode_check(source.choice([b"\x00", b"\x05"]) + data[:20]).decode()
    if kind == 1:
        return base58.b58encode_check(b"\x41" + data[:20]).decode()
    if kind in (2, 3):
        text = bech32.encode("bc", 0, list(data[:source.choice([20, 32])]))
        return text.upper() if source.random() < 0.2 else text
    if kind == 4:
        return to_checksum_address("0x" + data[:20].hex())
    return "0x" + data[:20].hex()


def judge(text):
    if text.lower().startswith("0x"):
        body = text[2:]
        if len(body) != 40 or not is_hex("0x" + body):
            return False
        return body == body.lower() or body == body.upper() or is_checksum_address("0x" + body)
    if text.lower().startswith("bc1"):
        version, program = bech32.decode("bc", text)
        # The library knows BIP-173 only; later versions have another checksum (BIP-350).
        return True if version == 0 else None if version else False
    try:
        payload = base58.b58decode_check(text)
    except Exception:
        return False
    return True if len(payload) == 21 and payload[0] in (0, 5, 0x41) else None


def explains(text, code):
    # Version 1 and later fail in a library that knows BIP-173 only.
    return text.lower().startswith("bc1") and code == ""


ALL = [Comparison("crypto-address", "base58, bech32, eth-utils", address, judge, explains)]
