"""Domain names beside the package idna (IDNA 2008 with the mappings of UTS #46)."""

import ipaddress
import random

import idna

LIBRARY = "idna"

LABELS = [
    "example", "shop", "www", "xn--bcher-kva", "bücher", "faß", "例え", "пример", "مثال", "ex-ample", "a1", "1", "BÜCHER",
    "bu\u0308cher", "παράδειγμας", "ｓｈｏｐ", "नमस्ते", "שלום", "xn--e1afmkfd", "mañana",
]
FAULTS = [
    "-a", "a-", "ab--cd", "a_b", "", "a b", "xn--a", "xn--", "♥", "a" * 64, "a\u200cb", "\u0301a", "a⑴", "xn--zz--zz", "אb",
    "a≠b", "ß-", "ä⑴", "a․b", "STRASSE",
]
TOPS = ["example", "com", "test", "xn--p1ai", "рф", "テスト", "EXAMPLE"]
DOTS = [".", ".", ".", ".", ".", ".", "。", "．"]


def generate(source: random.Random) -> str:
    labels = [source.choice(LABELS) for _ in range(source.randint(1, 3))] + [source.choice(TOPS)]
    fate = source.random()
    if fate < 0.3:
        labels[source.randrange(len(labels))] = source.choice(FAULTS)
    elif fate < 0.35:
        return ".".join(str(source.randint(0, 255)) for _ in range(4))
    elif fate < 0.4:
        labels = labels[-1:]
    name = labels[0]
    for label in labels[1:]:
        name += source.choice(DOTS) + label
    if source.random() < 0.1:
        name += "."
    return name.upper() if source.random() < 0.1 else name


def judge(text: str) -> bool | None:
    try:
        ipaddress.ip_address(text)
        return False
    except ValueError:
        pass
    try:
        name = idna.encode(text, uts46=True, std3_rules=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError):
        return False
    labels = name.rstrip(".").split(".")
    # At least two labels and a last one that is no number are rules of this project.
    if len(labels) < 2 or labels[-1].isdigit():
        return None
    return True
