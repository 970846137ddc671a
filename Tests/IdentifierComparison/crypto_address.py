"""Crypto addresses beside the libraries of the chains.

A text is valid when the library of one chain reads it. Where the libraries know less than the chain, there is no verdict.
"""

import random
import re

import base58
import bech32
import bip_utils as chains
import eth_utils
import xrpl.core.addresscodec as ripple
from bip_utils.utils.crypto import Kekkak256
from stellar_sdk import StrKey
from tonsdk.utils import Address

LIBRARY = "base58 bech32 bip-utils eth-utils eth-hash[pycryptodome] xrpl-py stellar-sdk tonsdk"

VERSIONS = [0, 5, 65, 48, 50, 76, 16, 30, 22, 33, 38, 23]
TEST_VERSIONS = [111, 196, 58, 140, 19, 113]
TEZOS = ["06a19f", "06a1a1", "06a1a4", "06a1a6", "025a79"]
WITNESS = ["bc", "ltc", "btg"]
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def ed25519(source: random.Random) -> bytes:
    """A public key: some libraries ask whether the bytes are a point of the curve."""
    return chains.Ed25519PrivateKey.FromBytes(source.randbytes(32)).PublicKey().RawCompressed().ToBytes()[1:]


def ed25519_monero(source: random.Random) -> bytes:
    scalar = (int.from_bytes(source.randbytes(31), "little")).to_bytes(32, "little")
    return chains.Ed25519MoneroPrivateKey.FromBytes(scalar).PublicKey().RawCompressed().ToBytes()


def monero(source: random.Random) -> str:
    spend, view = ed25519_monero(source), ed25519_monero(source)
    if source.random() < 0.3:
        return chains.XmrIntegratedAddrEncoder.EncodeKey(
            spend, pub_vkey=view, net_ver=b"\x13", payment_id=source.randbytes(8))
    return chains.XmrAddrEncoder.EncodeKey(spend, pub_vkey=view, net_ver=source.choice([b"\x12", b"\x2a", b"\x35"]))


def cash(source: random.Random) -> str:
    prefix = source.choice(["bitcoincash"] * 5 + ["bchtest"])
    kind = source.choice([b"\x00", b"\x08"])
    text = chains.BchBech32Encoder.Encode(prefix, kind, source.randbytes(20))
    return text if source.random() < 0.5 or prefix == "bchtest" else text.partition(":")[2]


def xrp(source: random.Random) -> str:
    classic = ripple.encode_classic_address(source.randbytes(20))
    shape = source.randrange(4)
    tag = source.choice([0, 1, source.getrandbits(32)])
    if shape == 0:
        return classic
    if shape == 1:
        return f"{classic}|{tag}"
    return ripple.classic_address_to_xaddress(classic, None if shape == 2 else tag, source.random() < 0.1)


def bech(source: random.Random) -> str:
    prefix, size = source.choice([("cosmos", 20), ("cosmos", 32), ("bnb", 20), ("zs", 43), ("osmo", 20)])
    return bech32.bech32_encode(prefix, bech32.convertbits(source.randbytes(size), 8, 5))


def witness(source: random.Random) -> str:
    version = source.choice([0, 0, 1])
    if version == 1:
        return chains.SegwitBech32Encoder.Encode(source.choice(WITNESS), 1, source.randbytes(32))
    return bech32.encode(source.choice(WITNESS + ["tb"]), 0, source.randbytes(source.choice([20, 32])))


def ton(source: random.Random) -> str:
    address = Address(f"{source.choice(['0', '-1'])}:{source.randbytes(32).hex()}")
    shape = source.randrange(4)
    if shape == 0:
        return address.to_string(False)
    return address.to_string(True, source.random() < 0.5, shape > 1, source.random() < 0.1)


def stellar(source: random.Random) -> str:
    key = source.randbytes(32)
    account = StrKey.encode_ed25519_public_key(key)
    return source.choice([
        account, f"{account}|{source.randrange(10**6)}", StrKey.encode_med25519_public_key(key + source.randbytes(8)),
        StrKey.encode_contract(key), StrKey.encode_sha256_hash(key),
    ])


def byron(source: random.Random) -> str:
    key = b"\x00" + ed25519(source)
    return chains.AdaByronIcarusAddrEncoder.EncodeKey(key, chain_code=source.randbytes(32))


def shelley(source: random.Random) -> str:
    first, second = b"\x00" + ed25519(source), b"\x00" + ed25519(source)
    tag = source.choice([chains.AdaShelleyAddrNetworkTags.MAINNET] * 5 + [chains.AdaShelleyAddrNetworkTags.TESTNET])
    if source.random() < 0.1:
        return chains.AdaShelleyStakingAddrEncoder.EncodeKey(first, net_tag=tag)
    return chains.AdaShelleyAddrEncoder.EncodeKey(first, pub_skey=second, net_tag=tag)


MAKERS = [
    lambda s: base58.b58encode_check(bytes([s.choice(VERSIONS * 3 + TEST_VERSIONS)]) + s.randbytes(20)).decode(),
    lambda s: base58.b58encode_check(s.choice([b"\x1c\xb8", b"\x1c\xbd", b"\x1d\x25"]) + s.randbytes(20)).decode(),
    lambda s: base58.b58encode_check(bytes.fromhex(s.choice(TEZOS)) + s.randbytes(20)).decode(),
    lambda s: eth_utils.to_checksum_address(s.randbytes(20)),
    lambda s: "0x" + s.randbytes(20).hex(),
    lambda s: base58.b58encode(ed25519(s)).decode(),
    lambda s: chains.SS58Encoder.Encode(ed25519(s), s.choice([0, 0, 2, 2, 42, 7])),
    lambda s: chains.AlgoAddrEncoder.EncodeKey(b"\x00" + ed25519(s)),
    lambda s: chains.FilSecp256k1AddrEncoder.EncodeKey(
        chains.Secp256k1PrivateKey.FromBytes(s.randbytes(32)).PublicKey().RawCompressed().ToBytes()),
    monero, cash, xrp, bech, witness, ton, stellar, byron, shelley,
]


def generate(source: random.Random) -> str:
    text = source.choice(MAKERS)(source)
    if source.random() < 0.4:
        text = mutated(text, source)
    elif text.lower() == text and ":" not in text and source.random() < 0.2:
        text = text.upper().replace("0X", "0x")
    return text if source.random() < 0.9 else f" {text}  "


def mutated(text: str, source: random.Random) -> str:
    place = source.randrange(len(text))
    kind = source.randrange(5)
    if kind == 0:
        return text[:place] + text[place + 1:]
    if kind == 1:
        return text[:place] + text[place].swapcase() + text[place + 1:]
    if kind == 2 and place > 0:
        return text[:place - 1] + text[place] + text[place - 1] + text[place + 1:]
    return text[:place] + source.choice(ALPHANUMERIC) + text[place + 1:]


def reads(function, *arguments, **options) -> bool:
    try:
        return function(*arguments, **options) is not False
    except Exception:
        return False


def reads_bech32(text: str) -> bool:
    prefix, values = bech32.bech32_decode(text)
    sizes = {"cosmos": (20, 32), "bnb": (20,), "zs": (43,)}.get(prefix, ())
    data = bech32.convertbits(values, 5, 8, False) if sizes else None
    return data is not None and len(data) in sizes


def reads_base58(text: str) -> bool:
    try:
        data = base58.b58decode_check(text)
    except Exception:
        return False
    return (
        len(data) == 21 and data[0] in VERSIONS
        or len(data) == 22 and data[:2] in (b"\x1c\xb8", b"\x1c\xbd")
        or len(data) == 23 and data[:3].hex() in TEZOS
    )


def reads_ton(text: str) -> bool:
    raw = re.fullmatch(r"(0|-1):[0-9a-fA-F]{64}", text)
    if raw:
        return True
    address = Address(text)
    return not address.is_test_only if len(text) == 48 else False


def judge(text: str) -> bool | None:
    text = text.strip()
    address, divider, memo = text.partition("|")
    if divider:
        if ripple.is_valid_classic_address(address):
            return bool(re.fullmatch("[0-9]+", memo)) and int(memo) < 2**32
        if StrKey.is_valid_ed25519_public_key(address):
            return 0 < len(memo) <= 28 and memo.isascii() and memo.isalnum()
        return False
    if re.fullmatch("0[xX][0-9a-fA-F]{40}", text):
        digits = text[2:]
        one_case = digits in (digits.lower(), digits.upper())
        return one_case or eth_utils.is_checksum_address("0x" + digits)
    body = text.lower().removeprefix("bitcoincash:")
    if re.fullmatch("[qp][a-z0-9]{41}", body) and text in (text.lower(), text.upper()):
        full = "bitcoincash:" + body
        if reads(chains.BchP2PKHAddrDecoder.DecodeAddr, full, hrp="bitcoincash", net_ver=b"\x00"):
            return True
        if reads(chains.BchP2SHAddrDecoder.DecodeAddr, full, hrp="bitcoincash", net_ver=b"\x08"):
            return True
    if reads_base58(text) or reads_bech32(text) or ripple.is_valid_classic_address(text):
        return True
    if text[:1] == "X" and ripple.is_valid_xaddress(text):
        return True
    if any(reads(chains.SegwitBech32Decoder.Decode, prefix, text) for prefix in WITNESS):
        return True
    kinds = (StrKey.is_valid_ed25519_public_key, StrKey.is_valid_med25519_public_key, StrKey.is_valid_contract)
    if any(kind(text) for kind in kinds):
        return True
    decoders = [
        (chains.SubstrateEd25519AddrDecoder, {"ss58_format": 0}),
        (chains.SubstrateEd25519AddrDecoder, {"ss58_format": 2}),
        (chains.AdaByronAddrDecoder, {}),
        (chains.AdaShelleyAddrDecoder, {}), (chains.XmrAddrDecoder, {"net_ver": b"\x12"}),
        (chains.XmrAddrDecoder, {"net_ver": b"\x2a"}),
    ]
    if any(reads(decoder.DecodeAddr, text, **options) for decoder, options in decoders):
        return True
    # bip-utils does not look at the two bits of the last character that must be zero.
    if text[-1:] in "AEIMQUY4" and reads(chains.AlgoAddrDecoder.DecodeAddr, text):
        return True
    # bip-utils takes Filecoin's Base32 in any letter case; Filecoin writes it in lower case.
    if text == text.lower() and reads(chains.FilSecp256k1AddrDecoder.DecodeAddr, text):
        return True
    if reads(reads_ton, text):
        return True
    return other(text)


def other(text: str) -> bool | None:
    """Forms for which the libraries ask something else than the chain: then only their parts are used."""
    try:
        data = chains.Base58XmrDecoder.Decode(text)
        if len(text) == 106 and data[0] == 0x13 and Kekkak256.QuickDigest(data[:-4])[:4] == data[-4:]:
            return True
    except Exception:
        pass
    try:
        # Solana's addresses have no checksum, and those of programs are no points of the curve. In letters of one case such
        # a text is most often another chain's, which no library says.
        if len(base58.b58decode(text)) != 32:
            return False
        return True if text not in (text.lower(), text.upper()) or text.isdigit() else None
    except Exception:
        return False


def explains(text: str, code: str) -> bool:
    """bip-utils reads a witness address of mixed letter case, which BIP-173 forbids."""
    return code == "mixed-case" and text.lower().startswith(tuple(prefix + "1" for prefix in WITNESS))
