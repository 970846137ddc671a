"""Names on card statements: no library knows them; the alphabet is that of Unicode's decompositions (unicodedata)."""

import random
import unicodedata

# Nothing to install.
LIBRARY = ""

WORDS = ["Shop", "Example", "PAYFAC", "Café", "Straße", "ŁÓDŹ", "Books", "24", "Nº", "商店", "Café", "x", "&", "-", "’s"]


def generate(source: random.Random) -> str:
    words = [source.choice(WORDS) for _ in range(source.randint(1, 4))]
    text = source.choice([" ", "  ", "\u00a0"]).join(words)
    if source.random() < 0.3:
        text = "PAYFAC" + source.choice(["*", " *", "* ", " * "]) + text
    if source.random() < 0.1:
        text = "".join(source.choice("0123456789 ") for _ in range(source.randint(1, 12)))
    if source.random() < 0.05:
        text += source.choice(["*", " *", "\u0007", "\u202e"])
    return text


def judge(text: str) -> bool | None:
    letters = []
    for character in " ".join(text.split()).replace(" *", "*").replace("* ", "*"):
        if ord(character) > 0x17F and unicodedata.combining(character) == 0:
            return False
        plain = "".join(c for c in unicodedata.normalize("NFKD", character.upper()) if not unicodedata.combining(c))
        # Letters without a decomposition, such as Ł and Ø.
        letters.append(plain if plain.isascii() or not character.isalpha() else "L")
    name = "".join(letters)
    if not name.isascii() or not name.isprintable() or name.startswith("*") or name.endswith("*"):
        return False
    if name.replace(" ", "").isdigit() or not any(c.isalnum() for c in name):
        return False
    return 3 <= len(name) <= 25
