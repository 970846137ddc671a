#!/usr/bin/env python3
"""Works out what a node must answer to every row of ofac-digital-currency.csv.

It shares no code with the node: its own Base58, Bech32, CashAddr and Keccak-256, by their specifications, with the
Python standard library only. It knows the chains that stand on the list, and stops at a form that it does not know. It reads the list beside it and writes ofac-digital-currency.expected.csv, always the same.
"""

import csv
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE / "ofac-digital-currency.csv"
EXPECTED = HERE / "ofac-digital-currency.expected.csv"

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

VERSIONS = {
    0: "bitcoin", 5: "bitcoin", 65: "tron", 48: "litecoin", 50: "litecoin", 76: "dash", 16: "dash",
    30: "dogecoin", 22: "dogecoin", 33: "verge", 38: "bitcoin-gold", 23: "bitcoin-gold",
}
TEST_VERSIONS = {111, 196, 58, 19, 140, 113}
WITNESS_PREFIXES = {"bc": "bitcoin", "ltc": "litecoin", "btg": "bitcoin-gold"}
TEST_PREFIXES = {"tb", "bcrt", "tltc", "rltc"}


class Rejected(Exception):
    """Carries the reason code."""


def keccak_256(message):
    """Keccak-256 with the original padding, on a five by five table of lanes."""
    mask = (1 << 64) - 1

    def rotate(lane, bits):
        return ((lane << bits) | (lane >> (64 - bits))) & mask if bits else lane

    offsets = {}
    x, y = 1, 0
    for t in range(24):
        offsets[x, y] = (t + 1) * (t + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    offsets[0, 0] = 0

    def round_constants():
        register = 1
        for _ in range(24):
            constant = 0
            for j in range(7):
                if register & 1:
                    constant |= 1 << ((1 << j) - 1)
                register = (register << 1) ^ (0x171 if register & 0x80 else 0)
            yield constant

    rate = 136
    padded = bytearray(message) + bytearray(rate - len(message) % rate)
    padded[len(message)] ^= 0x01
    padded[-1] ^= 0x80
    lanes = {(x, y): 0 for x in range(5) for y in range(5)}
    for start in range(0, len(padded), rate):
        block = padded[start:start + rate]
        for i in range(rate // 8):
            lanes[i % 5, i // 5] ^= int.from_bytes(block[8 * i:8 * i + 8], "little")
        for constant in round_constants():
            parity = [lanes[x, 0] ^ lanes[x, 1] ^ lanes[x, 2] ^ lanes[x, 3] ^ lanes[x, 4] for x in range(5)]
            mixed = {
                (x, y): lanes[x, y] ^ parity[(x - 1) % 5] ^ rotate(parity[(x + 1) % 5], 1) for x, y in lanes
            }
            moved = {(y, (2 * x + 3 * y) % 5): rotate(mixed[x, y], offsets[x, y]) for x, y in lanes}
            lanes = {
                (x, y): moved[x, y] ^ (~moved[(x + 1) % 5, y] & mask & moved[(x + 2) % 5, y]) for x, y in lanes
            }
            lanes[0, 0] ^= constant
    return b"".join(lanes[i % 5, i // 5].to_bytes(8, "little") for i in range(4))


def base58_bytes(text, alphabet):
    number = 0
    for character in text:
        number = number * 58 + alphabet.index(character)
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def has_checksum(data):
    return hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4] == data[-4:]


def base58_text(data):
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return BASE58[0] * (len(data) - len(data.lstrip(b"\0"))) + digits


def bech32(text):
    """Prefix, values and constant of the checksum."""
    if len(text) > 90:
        raise Rejected("length")
    if text.lower() != text and text.upper() != text:
        raise Rejected("mixed-case")
    prefix, _, data = text.lower().rpartition("1")
    if any(character not in BECH32 for character in data):
        raise Rejected("characters")
    if len(data) < 6:
        raise Rejected("length")
    values = [BECH32.index(character) for character in data]
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            if top >> bit & 1:
                check ^= generator
    if check not in (1, 0x2BC830A3):
        raise Rejected("checksum")
    return prefix, values[:-6], check


def segwit(values, check):
    if not values or values[0] > 16:
        raise Rejected("witness-program")
    if check != (1 if values[0] == 0 else 0x2BC830A3):
        raise Rejected("checksum")
    bits = "".join(format(value, "05b") for value in values[1:])
    rest = bits[len(bits) // 8 * 8:]
    length = len(bits) // 8
    if len(rest) > 4 or "1" in rest or not 2 <= length <= 40 or (values[0] == 0 and length not in (20, 32)):
        raise Rejected("witness-program")


def is_cash_address(text):
    """Of 42 characters, without the prefix; raises on a wrong checksum."""
    body = text.lower()
    if len(body) != 42 or body[0] not in "qp" or any(character not in BECH32 for character in body):
        return False
    check = 1
    for value in [ord(c) & 31 for c in "bitcoincash"] + [0] + [BECH32.index(c) for c in body]:
        top = check >> 35
        check = (check & 0x07FFFFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)):
            if top >> bit & 1:
                check ^= generator
    if check != 1:
        raise Rejected("checksum")
    # Version byte, 20 bytes of hash and two bits of padding, before eight characters of checksum.
    number = 0
    for character in body[:-8]:
        number = number << 5 | BECH32.index(character)
    if number & 3 or number >> 162 not in (0, 8):
        raise Rejected("structure")
    return True


def monero(text):
    """Blocks of eleven digits are numbers of eight bytes; the last block of seven is a number of five."""
    data = b""
    for start in range(0, len(text), 11):
        block = text[start:start + 11]
        number = 0
        for character in block:
            number = number * 58 + BASE58.index(character)
        size = {11: 8, 7: 5}[len(block)]
        if number >= 1 << 8 * size:
            raise Rejected("structure")
        data += number.to_bytes(size, "big")
    if keccak_256(data[:-4])[:4] != data[-4:]:
        raise Rejected("checksum")
    if data[0] not in (18, 42):
        raise Rejected("test-network" if data[0] in (24, 36, 53, 63) else "structure")
    return "monero", text


def evm(text):
    digits = text[2:]
    if not re.fullmatch("[0-9a-fA-F]*", digits):
        raise Rejected("characters")
    if len(digits) != 40:
        raise Rejected("length")
    lower = digits.lower()
    if digits not in (lower, digits.upper()):
        nibbles = keccak_256(lower.encode()).hex()
        mixed = "".join(c.upper() if int(n, 16) >= 8 else c for c, n in zip(lower, nibbles))
        if digits != mixed:
            raise Rejected("checksum")
    return "evm", "0x" + lower


def address(text):
    """Chain and canonical form."""
    text = text.strip()
    if not text:
        raise Rejected("empty")
    if text[:2] in ("0x", "0X"):
        return evm(text)
    if re.fullmatch("41[0-9a-fA-F]{40}", text):
        data = bytes.fromhex(text)
        return "tron", base58_text(data + hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4])
    if is_cash_address(text):
        return "bitcoin-cash", "bitcoincash:" + text.lower()
    if re.fullmatch("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}", text):
        raise Rejected("unrecognised")
    if not re.fullmatch("[0-9a-zA-Z]+", text):
        raise Rejected("characters")
    prefix = text.lower().rpartition("1")[0]
    if prefix in WITNESS_PREFIXES or prefix in TEST_PREFIXES:
        prefix, values, check = bech32(text)
        if prefix in TEST_PREFIXES:
            raise Rejected("test-network")
        segwit(values, check)
        return WITNESS_PREFIXES[prefix], text.lower()
    if not set(text) <= set(BASE58):
        raise Rejected("characters")
    if len(text) == 95:
        return monero(text)
    if text[0] == "r":
        data = base58_bytes(text, RIPPLE)
        if len(data) == 25 and data[0] == 0:
            if not has_checksum(data):
                raise Rejected("checksum")
            return "xrp", text
    data = base58_bytes(text, BASE58)
    if len(data) == 26 and data[:2] in (b"\x1c\xb8", b"\x1c\xbd", b"\x1d\x25", b"\x1c\xba"):
        if not has_checksum(data):
            raise Rejected("checksum")
        if data[:2] in (b"\x1d\x25", b"\x1c\xba"):
            raise Rejected("test-network")
        return "zcash", text
    if len(data) != 25:
        sys.exit(f"A form of {len(data)} bytes stands on the list, which this script does not know.")
    if not has_checksum(data):
        raise Rejected("checksum")
    if data[0] in VERSIONS:
        return VERSIONS[data[0]], text
    raise Rejected("test-network" if data[0] in TEST_VERSIONS else "unsupported-chain")


def main():
    seen = set()
    counts = {}
    with LIST.open(newline="", encoding="utf-8") as source, EXPECTED.open("w", newline="", encoding="utf-8") as target:
        reader = csv.reader(source)
        next(reader)
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["line", "asset", "outcome", "chain", "reason-code"])
        for asset, text in reader:
            try:
                found = address(text)
                outcome = ("duplicate" if found in seen else "accepted", found[0], "")
                seen.add(found)
            except Rejected as rejected:
                outcome = ("rejected", "", str(rejected))
            writer.writerow([reader.line_num, asset, *outcome])
            counts[outcome] = counts.get(outcome, 0) + 1
    for outcome, count in sorted(counts.items()):
        print(count, *filter(None, outcome), file=sys.stderr)


if __name__ == "__main__":
    main()
